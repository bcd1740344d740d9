/* Notices on this device: the browser asks its person on a click, then its address goes with the form. */
import { on, onContent } from "./events";

onContent((root) => {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
  root.querySelectorAll<HTMLElement>("[data-push][hidden]").forEach((form) => (form.hidden = false));
});

async function subscribed(key: string): Promise<PushSubscriptionJSON> {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
  await navigator.serviceWorker.register("/worker.js", { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const again = async () => {
    await (await pushManager.getSubscription())?.unsubscribe(); // made with another key
    return pushManager.subscribe(options);
  };
  return (await pushManager.subscribe(options).catch(again)).toJSON();
}

on("click", "[data-push-button]", (_event, button) => {
  const form = button.closest<HTMLFormElement>("[data-push]");
  const refused = form?.querySelector<HTMLElement>("[data-push-error]");
  if (!form || !refused) return;
  refused.hidden = true;
  subscribed(form.dataset["push"] ?? "")
    .then(({ endpoint, keys }) => {
      const given: Record<string, string | undefined> = { endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"] };
      for (const [name, value] of Object.entries(given)) {
        const field = form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
        if (field) field.value = value ?? "";
      }
      form.submit();
    })
    .catch(() => (refused.hidden = false)); // refused by the person or the browser
});
