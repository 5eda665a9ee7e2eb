/** Names for the types of the modules, so that each need not import them; for the type checker only. */

type Api = import("./protocol/api.js").Api;
type Conversation = import("./protocol/conversation.js").Conversation;
type Format = import("./view/format.js").Format;
type Outbox = import("./protocol/outbox.js").Outbox;
type Texts = typeof import("./texts/zh-CN.json");

interface Button {
  title: string;
  payload: string;
}

interface Message {
  /** Dense from 1. */
  seq: number;
  id: string;
  /** ISO 8601. */
  at: string;
  role: "user" | "bot" | "agent" | "system";
  text: string;
  buttons: Button[];
  data: any;
}

/** A message of the customer's that the history does not show yet. */
interface Outgoing {
  id: string;
  /** What the customer sees. */
  text: string;
  content: { text: string } | { payload: string };
  /** Waiting: will be tried again by itself. */
  state: "queued" | "sending" | "waiting" | "sent" | "failed";
  /** Why it failed, in the service's words. */
  reason: string;
  /** The service does not want it: trying again is of no use. */
  final: boolean;
}

/** What cards are made with. */
interface Tools {
  texts: Texts;
  format: Format;
  /** What machine words are called. */
  labels: () => Promise<any>;
  /** The same, once it is known. */
  words?: any;
}

interface Call {
  body?: object;
  signal?: AbortSignal;
  /** Milliseconds until the head of the answer must be there. */
  patience: number;
}
