import type { EventDetail, HeaderList } from "../../../main/contract/event.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { toHeaderText } from "../../format/header-text.ts";
import { plural } from "../../format/quantity.ts";

export function HeadersTab({ event }: { readonly event: EventDetail }) {
  if (event.headers.length === 0)
    return (
      <div className="empty">
        <p>This event came without headers.</p>
      </div>
    );
  return (
    <div className="headers">
      <HeaderTable title={`${plural(event.headers.length, "header")}, as received`} headers={event.headers} />
      {event.trailers.length > 0 && <HeaderTable title={plural(event.trailers.length, "trailer")} headers={event.trailers} />}
    </div>
  );
}

function HeaderTable({ title, headers }: { readonly title: string; readonly headers: HeaderList }) {
  return (
    <section>
      <div className="headers__bar">
        <h3>{title}</h3>
        <CopyButton text={() => toHeaderText(headers)} what="All" labelled />
      </div>
      <table className="headers__table">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Value</th>
            <th scope="col">Copy</th>
          </tr>
        </thead>
        <tbody>
          {headers.map(([name, value], at) => (
            // Headers may be doubled; their place is what they are known by.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={at}>
              <th scope="row">{name}</th>
              <td>{value === "" ? <span className="cell__none">empty</span> : value}</td>
              <td className="headers__copy">
                <CopyButton text={value} what={name} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
