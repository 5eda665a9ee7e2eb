// Made by `make generate` from actions/core/messages.py; change it there.

/** A fact that proves a cause. */
interface EvidenceData {
  /** dotted path of the fact in a world file */
  fact: string;
  /** amounts in yuan, moments as ISO text */
  value: unknown;
  /** where it is read */
  source: "account" | "order" | "bill" | "item" | "merchant" | "policy" | "incident";
  /** ISO 8601, on the clock of the facts */
  read_at: string;
}

/** A cause that holds. */
interface CauseData {
  /** its name in machine words */
  id: string;
  /** whether it takes the option away or only limits it */
  kind: "block" | "limit";
  /** may be empty */
  evidence: EvidenceData[];
}

/** A fact as a list of causes shows it. */
interface ShownData {
  /** its dotted path, or the name of a computed fact such as `limit.missing` */
  fact: string;
  /** as in evidence; never nothing */
  value: unknown;
}

/** What a list of causes shows of one. */
interface FindingData {
  /** id of the cause */
  cause: string;
  /** who can change something about it now */
  by: "user" | "time" | "merchant" | "platform" | "nobody";
  /** what proves it at a glance, at most three; may be empty */
  shown: ShownData[];
}

/** Every cause of the subject, in the order in which they must be fixed; comes first, also when there is none. */
interface DiagnosisData {
  type: "diagnosis";
  /** the order it is about */
  order: string | null;
  /** the bill it is about */
  bill: string | null;
  /** empty when nothing blocks or limits the option */
  causes: CauseData[];
  /** for each cause, what a list of them shows */
  findings?: FindingData[];
  /** the text without what stands beside it: of several causes it only tells how many and which, and not that a robot speaks; null if it is the same */
  short?: string | null;
}

/** A step of the customer's. */
interface StepData {
  type: "step";
  /** id of the cause */
  cause: string;
  /** its number, from 1 */
  step: number;
  /** how many the cause has */
  steps: number;
  /** where in the app, levels joined by → */
  path: string | null;
  /** what to do, without the number of the step and without the path */
  instruction?: string;
  /** opens that page: https or a scheme of the app; null where none is known */
  link?: string | null;
}

/** A cause was looked at again: after a step, or because what was waited for is over (the recovery notice). */
interface CheckData {
  type: "check";
  /** id of the cause */
  cause: string;
  /** whether the cause is gone */
  passed: boolean;
  /** whether something still stands in the way: a cause that blocks, or an order that has expired */
  blocked?: boolean;
}

/** One tenor with its cost; amounts in yuan. */
interface PlanData {
  /** number of periods */
  tenor: number;
  /** about what each period costs */
  per_period: number;
  /** 0 for a plan without fees */
  fee_total: number;
  /** everything to be paid */
  total: number;
  /** nominal annual rate as a ratio: 0.0808 is 8.08 % */
  apr: number;
}

/** No block is left. Limits are named in the intro, beside the plans. */
interface ResolvedData {
  type: "resolved";
  /** the order it is about */
  order: string | null;
  /** the bill it is about */
  bill: string | null;
  /** empty for the account alone */
  plans: PlanData[];
  /** what the text says before the plans */
  intro?: string;
  /** what the text says after the plans */
  note?: string | null;
}

/** The customer cannot fix this cause. */
interface ExplainedData {
  type: "explained";
  /** id of the cause */
  cause: string;
  /** who can */
  fixed_by: "user" | "time" | "merchant" | "platform" | "nobody";
  /** ids of answers, offered as buttons */
  alternatives: string[];
  /** other causes can be worked on meanwhile: the case goes on */
  startable?: boolean;
}

/** What an amount would cost. */
interface PlansData {
  type: "plans";
  /** in yuan */
  amount: number;
  /** at least one */
  plans: PlanData[];
  /** what the text says before the plans */
  intro?: string;
  /** what the text says after the plans */
  note?: string | null;
}

/** An answer from the knowledge. */
interface AnswerData {
  type: "answer";
  /** id of the answer */
  topic: string;
  /** the state it rests on; may be empty */
  facts?: EvidenceData[];
}

/** A button; one that stands for an order or a bill says what people know it by. */
interface ChoiceData {
  /** what the customer reads */
  title: string;
  /** what pressing it sends */
  payload: string;
  /** the order it stands for */
  order?: string | null;
  /** the bill it stands for */
  bill?: string | null;
  /** the goods in full, of an order */
  item?: string | null;
  /** how many kinds of goods the order holds */
  count?: number | null;
  /** who sells the first of them */
  shop?: string | null;
  /** in yuan: what is to be paid, of a bill what it comes to */
  amount?: number | null;
  /** ISO 8601: when the order was made; of a bill its month, such as 2026-11 */
  date?: string | null;
  /** where it stands, as in a world file */
  status?: string | null;
}

/** The customer is asked what they meant. */
interface ClarifyData {
  type: "clarify";
  /** the message's buttons */
  choices: ChoiceData[];
}

/** Only time removes this cause. */
interface WaitingData {
  type: "waiting";
  /** id of the cause */
  cause: string;
  /** the customer gets one message when it is over */
  subscribed: boolean;
  /** other causes can be worked on meanwhile: the case goes on */
  startable?: boolean;
}

/** A person takes over. */
interface HandoffData {
  type: "handoff";
  /** the number the customer is told */
  handoff_id: string;
  /** why, in machine words */
  reason: string;
  /** whose it is, in machine words */
  queue: string;
}

/** The case is over: the customer sees the option, or a person has closed the case. */
interface EndedData {
  type: "ended";
  /** who says so */
  by: "customer" | "person";
}

/** The matter is not this assistant's. */
interface OutOfScopeData {
  type: "out_of_scope";
}

/** What the calendar alone brings to the customer, or ends, of which they wanted to be told before; comes unasked. */
interface AdviceData {
  type: "advice";
  /** id of the cause that will begin, or end */
  cause: string;
  /** the order it is about */
  order: string | null;
  /** the bill it is about */
  bill: string | null;
  /** the first day that begins with it, or without it */
  on: string;
  /** what the customer has said yes to */
  topic: string;
}

/** A picture that the customer or a person has sent; the assistant sends none. */
interface PictureData {
  type: "picture";
  /** what it is fetched by */
  id: string;
  /** in pixels */
  width: number;
  /** in pixels */
  height: number;
}

/** The data of a message. */
type MessageData =
  | DiagnosisData
  | StepData
  | CheckData
  | ResolvedData
  | ExplainedData
  | PlansData
  | AnswerData
  | ClarifyData
  | WaitingData
  | HandoffData
  | EndedData
  | OutOfScopeData
  | AdviceData
  | PictureData;

/** The types of messages with which a case can come to its end. */
type EndType = "ended" | "explained" | "handoff" | "resolved" | "waiting";
