import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/overlays.css";
import "./styles/forms.css";
import "./styles/shell.css";
import "./styles/filter.css";
import "./styles/timeline.css";
import "./styles/events.css";
import "./styles/detail.css";
import "./styles/body.css";
import "./styles/start.css";
import "./styles/topics.css";
import "./styles/topic-pane.css";
import "./styles/publish.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AppProvider } from "./components/app-context.tsx";
import { createApp } from "./state/app.ts";
import { Root } from "./views/root.tsx";

const app = createApp();
createRoot(document.querySelector("#root")!).render(
  <StrictMode>
    <AppProvider value={app}>
      <Root />
    </AppProvider>
  </StrictMode>,
);
