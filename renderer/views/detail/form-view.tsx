import { CopyButton } from "../../components/copy-button.tsx";
import { parseForm } from "../../format/form-fields.ts";
import { plural } from "../../format/quantity.ts";

const MAX_FIELDS = 1000;

export function FormView({ text }: { readonly text: string }) {
  const fields = parseForm(text);
  return (
    <div className="headers form-view">
      <table className="headers__table" aria-label="Form fields">
        <tbody>
          {fields.slice(0, MAX_FIELDS).map(({ name, value }, at) => (
            // Fields may be doubled; their place is what they are known by.
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
      {fields.length > MAX_FIELDS && <p className="body-bar__note">{plural(fields.length - MAX_FIELDS, "more field")}: see the text.</p>}
    </div>
  );
}
