const EXAMPLE_KEY = "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10";

function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "none",
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  requestInterceptor: (request) => {
    // a key is made for one action: the example's would be somebody's before
    if (request.headers["Idempotency-Key"] === EXAMPLE_KEY) {
      request.headers["Idempotency-Key"] = random();
    }
    return request;
  },
});

const button = document.getElementById("guest");
const state = document.getElementById("state");

button.addEventListener("click", async () => {
  button.disabled = true;
  const answer = await fetch("/v1/auth/guest", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ device_id: `docs-${random()}`, platform: "web", app: "docs" }),
  });
  const told = await answer.json();
  if (answer.ok) {
    ui.preauthorizeApiKey("access_token", told.access_token);
    state.textContent = `Member ${told.member_id}, for ten minutes.`;
  } else {
    state.textContent = told.detail;
  }
  button.disabled = false;
});
