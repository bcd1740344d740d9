/* The service worker: shows what is pushed and opens it. It answers no request and keeps no page. */

interface Pushed extends Event {
  data: { json(): unknown } | null;
  waitUntil(done: Promise<unknown>): void;
}
interface Clicked extends Event {
  notification: Notification;
  waitUntil(done: Promise<unknown>): void;
}
interface Worker {
  registration: ServiceWorkerRegistration;
  clients: { openWindow(url: string): Promise<unknown> };
  location: Location;
  skipWaiting(): Promise<void>;
  addEventListener(type: "push", heard: (event: Pushed) => void): void;
  addEventListener(type: "notificationclick", heard: (event: Clicked) => void): void;
  addEventListener(type: "install", heard: () => void): void;
}
type Said = { title?: string; body?: string; path?: string; tag?: string; language?: string };

const worker = self as unknown as Worker;

function read(data: Pushed["data"]): Said {
  try {
    return (data?.json() as Said) ?? {};
  } catch {
    return {};
  }
}

worker.addEventListener("install", () => void worker.skipWaiting());

worker.addEventListener("push", (event) => {
  const said = read(event.data);
  const shown = worker.registration.showNotification(said.title ?? "Hetong", {
    body: said.body ?? "",
    lang: said.language ?? "",
    tag: said.tag ?? "",
    data: { path: said.path ?? "/notices/" },
  });
  event.waitUntil(shown);
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const path = String((event.notification.data as { path?: string } | null)?.path ?? "/notices/");
  const url = new URL(path, worker.location.origin);
  if (url.origin === worker.location.origin) event.waitUntil(worker.clients.openWindow(url.href));
});
