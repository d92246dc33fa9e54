/** A two-lamp signal head; the upper lamp is lit while the hub is there, the lower one while it is not. */
export function SignalLogo({ lit = true }: { readonly lit?: boolean }) {
  return (
    <svg className="signal-logo" viewBox="0 0 20 28" width="15" height="21" aria-hidden="true">
      <rect className="signal-logo__head" x="1" y="1" width="18" height="26" rx="9" />
      <circle className={lit ? "signal-logo__lamp signal-logo__lamp--lit" : "signal-logo__lamp"} cx="10" cy="9" r="4" />
      <circle className={lit ? "signal-logo__lamp" : "signal-logo__lamp signal-logo__lamp--stop"} cx="10" cy="19" r="4" />
    </svg>
  );
}
