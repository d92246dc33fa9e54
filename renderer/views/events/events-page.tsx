import { useApp, useReadable } from "../../components/app-context.tsx";
import { SplitPane } from "../../components/split-pane.tsx";
import { DetailPane } from "../detail/detail-pane.tsx";
import { Welcome } from "../welcome.tsx";
import { EventList } from "./event-list.tsx";
import { EventsToolbar } from "./events-toolbar.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { TimelineChart } from "./timeline-chart.tsx";
import { useFirstSteps } from "./use-first-steps.ts";

/** The home page: what comes in, live, and everything about one event beside it. */
export function EventsPage() {
  const { router } = useApp();
  const { item, filter } = useReadable(router.route);
  const firstSteps = useFirstSteps();
  if (firstSteps.shown) return <Welcome onDone={firstSteps.finish} />;
  return (
    <main className="events">
      <h1 className="visually-hidden">Events</h1>
      <div className="events__top">
        <FilterBar filter={filter} />
        <EventsToolbar />
      </div>
      <TimelineChart />
      <SplitPane side={item === null ? null : <DetailPane key="detail" id={item} />} sideLabel="Event details">
        <EventList openId={item} />
      </SplitPane>
    </main>
  );
}
