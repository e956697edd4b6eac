// A gateway as one would make it of Fastify's own plugins: token, rate limit, proxy.
import fastifyHttpProxy from "@fastify/http-proxy";
import fastifyJwt from "@fastify/jwt";
import fastifyRateLimit from "@fastify/rate-limit";
import Fastify from "fastify";
import { readFileSync } from "node:fs";

const [port, upstream, keyFile, issuer, audience] = process.argv.slice(2);
const app = Fastify({ logger: false });

await app.register(fastifyJwt, {
  secret: { public: readFileSync(keyFile, "utf8") },
  verify: { algorithms: ["EdDSA"], allowedIss: issuer, allowedAud: audience, cache: true },
});
await app.register(fastifyRateLimit, {
  max: 10_000_000,
  timeWindow: "1 second",
  keyGenerator: (request) => request.user?.sub ?? request.ip,
  hook: "preHandler",
});
app.get("/readyz", async () => "ok");
await app.register(fastifyHttpProxy, {
  upstream: `http://127.0.0.1:${upstream}`,
  preHandler: (request) => request.jwtVerify(),
  undici: { connections: 128, pipelining: 1 },
});
await app.listen({ host: "127.0.0.1", port: Number(port) });
