/* Passkeys: the browser makes or reads one, and its answer goes with the form. Without this the other ways remain. */
import { on, onContent } from "./events";

type Options = { publicKey: PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON };

onContent((root) => {
  if (!("parseCreationOptionsFromJSON" in (window.PublicKeyCredential ?? {}))) return;
  root.querySelectorAll<HTMLElement>("[data-passkey-button][hidden]").forEach((button) => (button.hidden = false));
});

async function answer(form: HTMLElement): Promise<Credential | null> {
  const options = (JSON.parse(form.dataset["options"] ?? "{}") as Options).publicKey;
  return form.dataset["passkey"] === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

on("click", "[data-passkey-button]", (_event, button) => {
  const form = button.closest<HTMLFormElement>("[data-passkey]");
  const field = form?.querySelector<HTMLInputElement>('input[name="credential"]');
  const refused = form?.querySelector<HTMLElement>("[data-passkey-error]");
  if (!form || !field || !refused) return;
  refused.hidden = true;
  answer(form)
    .then((credential) => {
      field.value = JSON.stringify(credential);
      form.submit();
    })
    .catch(() => (refused.hidden = false)); // refused by the person, taken too long, or no such key
});
