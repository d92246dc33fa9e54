import type { MouseEvent, ReactNode } from "react";
import { toPath, type Route } from "../state/router.ts";
import { useApp } from "./app-context.tsx";

interface PageLinkProps {
  readonly to: Pick<Route, "page"> & Partial<Route>;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A link to a page of the inspector, which can also be opened in a new tab. */
export function PageLink({ to, children, className = "link" }: PageLinkProps) {
  const { router } = useApp();
  const route: Route = { item: null, filter: "", ...to };
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    router.go(route);
  };
  return (
    <a className={className} href={toPath(route)} onClick={follow}>
      {children}
    </a>
  );
}
