/** How an app uses the types: compiled by `make client`, so that it stays true. */
import type { components, paths } from "./api.js";

type Home = paths["/v1/home"]["get"]["responses"]["200"]["content"]["application/json"];
type Receipt = components["schemas"]["ReceiptAnswer"];
type Queue = components["schemas"]["SyncBody"];
type Synced = components["schemas"]["SyncAnswer"];
type Problem = components["schemas"]["Problem"];

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export class Rapport {
  constructor(
    private readonly url: string,
    private readonly token: () => string,
  ) {}

  home(): Promise<Home> {
    return this.ask("GET", "/v1/home");
  }

  /** Ask until `state` is `done`: the points are in the wallet, the message in the inbox. */
  receipt(key: string): Promise<Receipt> {
    return this.ask("GET", `/v1/receipts/${key}`);
  }

  /** Send what was written without a network. Safe to repeat after a lost answer. */
  async sync(queue: Queue): Promise<Queue["writes"]> {
    const { items } = await this.ask<Synced>("POST", "/v1/sync", queue);
    const open = items.filter((item) => item.state === "left" || (item.status ?? 0) >= 500);
    return queue.writes.filter((write) => open.some((item) => item.key === write.key));
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${this.token()}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Refused((await answer.json()) as Problem);
    return (await answer.json()) as T;
  }
}
