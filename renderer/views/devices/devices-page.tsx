/** Who is connected, over all gateways. */
export function DevicesPage() {
  return (
    <main className="devices">
      <h1 className="visually-hidden">Devices</h1>
    </main>
  );
}
