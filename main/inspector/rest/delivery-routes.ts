/** The addresses of endpoints and deliveries. */
export const DELIVERY_ROUTES = [
  { method: "get", path: "/endpoints", call: "endpoints.list", summary: "The outbound webhook targets, and how they are", status: 200 },
  {
    method: "post",
    path: "/endpoints",
    call: "endpoints.save",
    summary: "Make an endpoint, or change the one of that name; the secret of a new one is told once",
    status: 201,
  },
  { method: "get", path: "/endpoints/{name}", call: "endpoints.get", summary: "One endpoint", status: 200 },
  { method: "put", path: "/endpoints/{name}", call: "endpoints.save", summary: "Make or change an endpoint", status: 200 },
  { method: "delete", path: "/endpoints/{name}", call: "endpoints.remove", summary: "Remove an endpoint and its deliveries", status: 204 },
  {
    method: "post",
    path: "/endpoints/{name}/rotate",
    call: "endpoints.rotateSecret",
    summary: "Give an endpoint a new secret, told once; the old one signs as well for a while",
    status: 200,
  },
  { method: "post", path: "/endpoints/{name}/test", call: "endpoints.test", summary: "Post a small test event, once", status: 200 },
  { method: "get", path: "/deliveries", call: "deliveries.list", summary: "Deliveries, newest first", status: 200 },
  {
    method: "get",
    path: "/deliveries/{id}",
    call: "deliveries.get",
    summary: "One delivery with its attempts and their answers",
    status: 200,
  },
  {
    method: "post",
    path: "/deliveries/redeliver",
    call: "deliveries.redeliver",
    summary: "Deliver again all finished deliveries that pass a filter",
    status: 200,
  },
  {
    method: "post",
    path: "/deliveries/{id}/redeliver",
    call: "deliveries.redeliver",
    summary: "Deliver one again, whatever became of it",
    status: 200,
  },
] as const;
