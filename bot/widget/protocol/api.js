/** Calls to the widget API: each carries the token, each failure is one of two errors that can be shown. */

/** The service answered and said no. */
export class Refusal extends Error {
  /** @param {number} status @param {string} detail for the customer; may be empty @param {number} retryAfter milliseconds, 0 if not said */
  constructor(status, detail, retryAfter) {
    super(detail);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later. */
  get passing() {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

/** There was no answer. */
export class Unreachable extends Error {}

export class Api {
  /**
   * @param {string} base address of the API, without a slash at its end
   * @param {{get: () => Promise<string>, refuse: (token: string) => void}} tokens
   */
  constructor(base, tokens) {
    this.base = base;
    this.tokens = tokens;
  }

  /**
   * @param {string} path
   * @param {Call} options
   * @returns {Promise<Response>} a response of 2xx
   */
  async call(path, options) {
    for (let again = false; ; again = true) {
      const token = await this.tokens.get();
      const response = await this.#fetch(path, token, options);
      if (response.ok) return response;
      if (response.status !== 401 || again) throw await refusal(response);
      this.tokens.refuse(token);
    }
  }

  /** @param {string} path @param {string} token @param {Call} options */
  async #fetch(path, token, { body, signal, patience }) {
    const ended = new AbortController();
    const end = () => ended.abort();
    const timer = setTimeout(end, patience);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
    try {
      return await fetch(this.base + path, {
        method: body ? "POST" : "GET",
        headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": body instanceof Blob ? body.type : "application/json" }) },
        body: body instanceof Blob ? body : body && JSON.stringify(body),
        signal: ended.signal,
        cache: "no-store",
        credentials: "omit",
      });
    } catch {
      throw new Unreachable();
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @param {Response} response */
async function refusal(response) {
  const seconds = Number(response.headers.get("Retry-After"));
  const problem = await response.json().catch(() => ({}));
  return new Refusal(response.status, typeof problem.detail === "string" ? problem.detail : "", seconds > 0 ? seconds * 1000 : 0);
}
