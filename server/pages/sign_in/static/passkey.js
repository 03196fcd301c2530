// Passkeys: <form data-passkey="get" or "create" data-ask="/where/to/ask">. When its button is
// pressed, asks the server what is wanted, lets the browser ask the person, and sends the answer in
// the field `answer`. What goes wrong is said in the form's `data-passkey-fault`.

const PATIENCE_MS = 15000;

async function wanted(form) {
  const response = await fetch(form.dataset.ask, {
    method: "POST",
    body: new URLSearchParams({ token: form.elements.token.value }),
    signal: AbortSignal.timeout(PATIENCE_MS),
    redirect: "error",
  });
  if (!response.ok) throw new Error("signed out");
  return response.json();
}

async function answer(form) {
  const options = await wanted(form);
  if (form.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

function words(fault) {
  if (fault.name === "InvalidStateError") return "This device has a passkey of yours already.";
  if (fault.name === "NotAllowedError") return "That was cancelled or took too long. Try again.";
  return "That did not work. Open this page again, or use another way.";
}

async function begin(form) {
  const said = form.querySelector("[data-passkey-fault]");
  said.hidden = true;
  try {
    const credential = await answer(form);
    form.elements.answer.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (fault) {
    said.textContent = words(fault);
    said.hidden = false;
  }
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin(form);
  });
}
