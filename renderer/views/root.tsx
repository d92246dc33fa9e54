import { useEffect, useState } from "react";
import type { Refusal } from "../../main/contract/errors.ts";
import { useApp, useReadable } from "../components/app-context.tsx";
import { ToastRegion } from "../components/toast-region.tsx";
import { login, takeLoginCode } from "../link/login.ts";
import { LoginPage } from "./login-page.tsx";
import { Shell } from "./shell.tsx";

/** Taken once, before anything else could keep the address. */
const loginCode = takeLoginCode();
const loggingIn = loginCode === null ? null : login(loginCode);

/** Lets a person in, by the link they followed, then shows the inspector; or says what is needed to get in. */
export function Root() {
  const { connection } = useApp();
  const state = useReadable(connection.state);
  const [fault, setFault] = useState<Refusal | null>(null);

  useEffect(() => {
    let gone = false;
    const enter = async (): Promise<void> => {
      const result = await loggingIn;
      if (gone) return;
      // A link used twice may be followed by someone who is in already: the token decides.
      if (result?.ok === false) setFault(result.refusal);
      connection.start();
    };
    void enter();
    return () => {
      gone = true;
      connection.stop();
    };
  }, [connection]);

  return (
    <>
      {state.state === "refused" ? <LoginPage reason={fault ?? state.reason} /> : <Shell />}
      <ToastRegion />
    </>
  );
}
