// On the real deposit page: what a site without sealing would do, with the same browser and server.
async (cfg) => {
  const file = document.querySelector("#plain").files[0];
  const token = document.querySelector("meta[name=csrf-token]").content;
  const common = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token };
  const start = performance.now();
  const made = await fetch(cfg.uploads, { method: "POST", headers: { ...common, "Upload-Length": String(file.size), "Upload-Metadata": "kind Ymlk" } });
  if (made.status !== 201) throw new Error("create " + made.status + (await made.text()));
  const place = made.headers.get("Location");
  const SLICE = 8 * 1024 * 1024;
  for (let at = 0; at < file.size; at += SLICE) {
    const headers = { ...common, "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" };
    const sent = await fetch(place, { method: "PATCH", headers, body: file.slice(at, at + SLICE) });
    if (sent.status !== 204) throw new Error("part " + sent.status);
  }
  return { seconds: (performance.now() - start) / 1000, upload: place };
}
