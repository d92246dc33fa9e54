import { toPublicUrl } from "../public-url.ts";
import { TunnelFault, type TunnelProvider } from "../tunnel.ts";

const PACKAGE = "@ngrok/ngrok";
const MISSING = `The npm package ${PACKAGE} is not installed beside Signalbox. Install it in Signalbox's folder with: npm install --no-save ${PACKAGE}@1.7.0`;

/** What is used of the package. */
export interface NgrokPackage {
  forward(config: {
    readonly addr: string;
    readonly authtoken: string;
    readonly domain?: string;
    readonly onStatusChange: (status: string) => void;
  }): Promise<{ url(): string | null; close(): Promise<void> }>;
}

/** ngrok's agent as a library; it is not part of Signalbox and is looked for when it is wanted. */
export const ngrok: TunnelProvider = createNgrok(async () => {
  const name: string = PACKAGE; // not to be resolved by a bundler, as it may not be there
  const loaded = (await import(name)) as NgrokPackage & { readonly default?: NgrokPackage };
  return loaded.default ?? loaded;
});

/** `load` rejects where the package is not there. */
export function createNgrok(load: () => Promise<NgrokPackage>): TunnelProvider {
  return {
    id: "ngrok",
    senderHeader: "x-forwarded-for",
    unavailable: () =>
      load().then(
        () => null,
        (error: NodeJS.ErrnoException) => toMissing(error),
      ),
    async open(settings, context) {
      const authtoken = settings["token"] ?? context.env["NGROK_AUTHTOKEN"] ?? "";
      if (authtoken === "")
        throw new TunnelFault("ngrok wants the authtoken of an account: give it as token, or set NGROK_AUTHTOKEN for the hub.", {
          needsPerson: true,
        });
      const agent = await load().catch((error: NodeJS.ErrnoException) => {
        throw new TunnelFault(toMissing(error), { needsPerson: true });
      });
      const ended = Promise.withResolvers<string>();
      let hasOpened = false;
      const { domain } = settings;
      const listener = await agent
        .forward({
          addr: `127.0.0.1:${context.localPort}`,
          authtoken,
          ...(domain === undefined ? {} : { domain }),
          onStatusChange(status) {
            // It would come back by itself; the supervisor does that, and says how it goes.
            if (status === "closed" && hasOpened) ended.resolve("ngrok lost its connection.");
          },
        })
        .catch((error: Error & { readonly errorCode?: string }) => {
          throw toFault(error);
        });
      hasOpened = true;
      const close = async (): Promise<void> => {
        await listener.close().catch((error: unknown) => context.logger.debug("ngrok did not close cleanly.", { error }));
        ended.resolve("It was closed.");
      };
      const publicUrl = toPublicUrl(listener.url() ?? "");
      if (publicUrl === null || context.signal.aborted) {
        await close();
        throw new TunnelFault("ngrok has given no public URL.");
      }
      return { publicUrl, isForeignWord: true, onlySource: null, ended: ended.promise, close };
    },
  };
}

function toMissing(error: NodeJS.ErrnoException): string {
  return error.code === "ERR_MODULE_NOT_FOUND" ? MISSING : `The npm package ${PACKAGE} cannot be loaded: ${firstLine(error)}`;
}

/** Wrong tokens, taken domains and limits of the account have codes; only a person can mend these. */
function toFault(error: Error & { readonly errorCode?: string }): TunnelFault {
  const { errorCode } = error;
  const about = errorCode === undefined ? "" : ` (${errorCode}: ngrok.com/docs/errors/${errorCode.toLowerCase()})`;
  return new TunnelFault(`ngrok does not open: ${firstLine(error)}${about}`, { needsPerson: errorCode !== undefined });
}

function firstLine({ message }: Error): string {
  return message.split("\n", 1)[0]!.slice(0, 300);
}
