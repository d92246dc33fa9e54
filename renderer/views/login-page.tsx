import { useState, type SyntheticEvent } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import type { Refusal } from "../../main/contract/errors.ts";
import { useApp } from "../components/app-context.tsx";
import { CopyButton } from "../components/copy-button.tsx";
import { SignalLogo } from "../components/signal-logo.tsx";
import { login } from "../link/login.ts";

const COMMAND = "signalbox open";

/** Why the hub did not let this browser in, and the two ways to get in. */
export function LoginPage({ reason }: { readonly reason: Refusal }) {
  const { connection } = useApp();
  const [token, setToken] = useState("");
  const [fault, setFault] = useState<Refusal | null>(null);
  const first = fault === null && reason.code === "TOKEN_REQUIRED";
  const enter = async (): Promise<void> => {
    // What is kept here is a session's token; the hub's own stays where it is.
    const result = await login(token.trim());
    if (result.ok) connection.retry();
    else setFault(result.refusal);
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (token.trim() !== "") void enter();
  };
  return (
    <main className="start">
      <div className="start__card">
        <div className="start__brand">
          <SignalLogo lit={false} />
          Signalbox
        </div>
        <h1>{first ? "This hub needs to know you" : "The hub did not let you in"}</h1>
        <p className="start__lead">
          {first ? "Everything the hub receives can be read here, so it opens only with its token." : (fault ?? reason).message}
        </p>
        <section className="start__way">
          <h2>Open a fresh link</h2>
          <p>On the machine where the hub runs, this prints a link that lets one browser in, once:</p>
          <div className="command-line">
            <code>{COMMAND}</code>
            <CopyButton text={COMMAND} what="Command" />
          </div>
          <p className="start__aside">
            In a checkout: <code>npm run signalbox -- open</code>
          </p>
        </section>
        <form className="start__way" onSubmit={submit}>
          <h2>Or paste the token</h2>
          <p>
            It is in the file <code>token</code> of the hub&rsquo;s data folder, or what <code>SIGNALBOX_TOKEN</code> was set to.
          </p>
          <TextField value={token} onChange={setToken} type="password" autoComplete="off" className="start__field">
            <Label className="visually-hidden">Token</Label>
            <Input className="input input--mono" placeholder="Token" />
            <Button type="submit" className="button button--primary" isDisabled={token.trim() === ""}>
              Let me in
            </Button>
          </TextField>
        </form>
      </div>
    </main>
  );
}
