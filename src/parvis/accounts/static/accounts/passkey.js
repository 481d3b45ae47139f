// Passkeys on the account pages. The server's options arrive in a data block; the browser's answer leaves in a hidden field.
// Written by hand and served as it is: no inline script, nothing to build. Without it, codes of an application still work.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const options = (given) => {
    const asked = given.publicKey;
    const ids = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
    return {
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        ...(asked.user && { user: { ...asked.user, id: bytes(asked.user.id) } }),
        excludeCredentials: ids(asked.excludeCredentials),
        allowCredentials: ids(asked.allowCredentials),
      },
    };
  };

  const answer = (credential) => {
    const { response } = credential;
    const said = { clientDataJSON: text(response.clientDataJSON) };
    if (response.attestationObject) {
      said.attestationObject = text(response.attestationObject);
      said.transports = response.getTransports?.() ?? [];
    } else {
      said.authenticatorData = text(response.authenticatorData);
      said.signature = text(response.signature);
      if (response.userHandle) said.userHandle = text(response.userHandle);
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: said,
    };
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const fault = form.querySelector("[data-passkey-error]");
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      fault.hidden = true;
      try {
        const given = JSON.parse(form.querySelector("[data-passkey-options]").textContent);
        const credential = await navigator.credentials[form.dataset.passkey](options(given));
        form.elements.credential.value = JSON.stringify(answer(credential));
        form.submit();
      } catch {
        fault.hidden = false;
        fault.scrollIntoView({ block: "nearest" });
      }
    });
  }
})();
