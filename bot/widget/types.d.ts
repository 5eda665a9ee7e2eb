/** Names for the types of the modules, so that each need not import them; for the type checker only. */

type Api = import("./protocol/api.js").Api;
type CaseCard = import("./view/case_card.js").CaseCard;
type Conversation = import("./protocol/conversation.js").Conversation;
type Format = import("./view/format.js").Format;
type Outbox = import("./protocol/outbox.js").Outbox;
type Timeline = import("./protocol/timeline.js").Timeline;
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
  data: MessageData | null;
  /** The seq of the message whose buttons this one repeats among its own. */
  choices_of?: number;
}

/** A message whose data is of one type. */
type MessageOf<T extends MessageData["type"]> = Message & { data: Extract<MessageData, { type: T }> };

/** The inside of a bubble for some types of data. */
type Cards = { [T in MessageData["type"]]?: (message: MessageOf<T>, tools: Tools) => HTMLElement[] };

/** A message of the customer's that the history does not show yet. */
interface Outgoing {
  id: string;
  /** When it was written, in milliseconds; each after the one before it. */
  at: number;
  /** What the customer sees. */
  text: string;
  content: { text: string } | { payload: string } | { picture: Blob };
  /** Waiting: will be tried again by itself. */
  state: "queued" | "sending" | "waiting" | "sent" | "failed";
  /** Why it failed, in the service's words. */
  reason: string;
  /** The service does not want it: trying again is of no use. */
  final: boolean;
  /** It failed for want of a token that the service takes. */
  signedOut?: boolean;
}

/** Where the customer stands with people. */
interface Standing {
  stage: "bot" | "queued" | "offered" | "waiting" | "person";
  number: string | null;
  /** In the queue, from 1. */
  place: number | null;
  /** Of the person, for customers. */
  name: string | null;
}

/** An incident or a maintenance window that holds for the customer. */
interface ServiceNotice {
  id: string;
  kind: "incident" | "maintenance";
  severity: "outage" | "degraded" | null;
  text: string;
  since: string;
  /** When it is said to end. */
  eta: string | null;
  /** The customer is told of its end. */
  subscribed: boolean;
}

/** What `GET /labels` answers. */
interface Labels {
  causes: Record<string, { title: string; fixed_by: ExplainedData["fixed_by"]; changed_by: ExplainedData["fixed_by"]; needs: string }>;
  facts: Record<string, FactLabel>;
}

/** What `GET /opening` answers, as far as it is shown. */
interface FirstScreen {
  stands: "blocked" | "limited" | "clear" | "unknown" | "person";
  text: string;
  start: { title: string; text: string } | null;
  progress: { text: string; go_on: { title: string; text: string } } | null;
  questions: { text: string }[];
}

interface FactLabel {
  title: string;
  unit?: string;
  values?: Record<string, string>;
}

/** What cards are made with. */
interface Tools {
  texts: Texts;
  format: Format;
  /** What machine words are called. */
  labels: () => Promise<Labels>;
  /** A picture by its id. */
  picture: (id: string) => Promise<Blob>;
  /** The same, once it is known. */
  words?: Labels;
  /** What tells the case above the messages. */
  card?: CaseCard;
}

interface Call {
  body?: object;
  signal?: AbortSignal;
  /** Milliseconds until the head of the answer must be there. */
  patience: number;
}
