import type { EventTitle } from "../format/event-title.ts";

/** Where an event belongs, quiet, and the word that matters. */
export function TitleText({ title: { origin, name } }: { readonly title: EventTitle }) {
  return (
    <>
      {origin !== "" && <span className={origin.endsWith("/") ? "cell__origin cell__origin--topic" : "cell__origin"}>{origin}</span>}
      <span className="cell__name">{name}</span>
    </>
  );
}
