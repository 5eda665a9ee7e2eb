/** Reads server-sent events with fetch, because EventSource cannot carry a token. */

/** Splits a stream's text into events, however it is cut. */
export class EventParser {
  #rest = "";

  /** @param {string} text @returns {any[]} the messages that are complete now, and what other events say, under the name of their type */
  push(text) {
    const events = (this.#rest + text).replaceAll("\r\n", "\n").split("\n\n");
    this.#rest = events.pop() ?? "";
    return events.map(data).filter((each) => each !== undefined);
  }
}

/** @param {string} event */
function data(event) {
  const lines = event.split("\n");
  const said = lines.filter((line) => line.startsWith("data:"));
  const type = lines.find((line) => line.startsWith("event:"))?.slice(6).trim() ?? "message";
  if (!said.length) return undefined;
  const data = JSON.parse(said.map((line) => line.slice(5)).join("\n"));
  return type === "message" ? data : { [type]: data };
}

/**
 * Reads until the stream ends; an error if it breaks or says nothing for too long.
 * @param {Response} response
 * @param {number} silence milliseconds after which a stream counts as dead
 * @param {(events: any[]) => void} heard called for every piece, heartbeats included
 */
export async function read(response, silence, heard) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const parser = new EventParser();
  const decoder = new TextDecoder();
  for (;;) {
    let timer;
    const dead = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("silence")), silence);
    });
    try {
      const { value, done } = await Promise.race([reader.read(), dead]);
      if (done) return;
      heard(parser.push(decoder.decode(value, { stream: true })));
    } catch (error) {
      reader.cancel().catch(() => {});
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
