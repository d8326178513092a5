// The calls that each client makes, and what comes of them in one shape, so that
// the answers of all clients can be compared. Knows no protocol.
//
// A caller has
// - unary(method, request, options): a promise of the response;
// - watch(request, options): an async iterable of WatchCustomer's responses, or
//   null if the client has no streams;
// - errorOf(error): {code, message, details} of what one of them throws.
// Options are token, timeoutMs and signal, of which any may be missing.

import { fromJson, toJson } from "@bufbuild/protobuf";
import { GatewayService } from "./gen/kith/gateway/v1/gateway_service_pb.js";

const { getCustomerView, listInteractions, recordTouch, watchCustomer } =
  GatewayService.method;

// By name: the method, its request as JSON, and options other than the token.
const UNARY = {
  view: (plan) => [getCustomerView, { customer: { contactId: plan.contactId } }],
  lookup: (plan) => [getCustomerView, { customer: { value: { value: plan.mail } } }],
  page: (plan) => [
    listInteractions,
    { customer: { contactId: plan.contactId }, pageSize: 1 },
  ],
  repeat: (plan) => [recordTouch, plan.touch],
  missing: (plan) => [getCustomerView, { customer: { contactId: plan.missing } }],
  invalid: (plan) => [
    getCustomerView,
    { customer: { contactId: plan.contactId }, interactionsSize: -1 },
  ],
  empty: () => [getCustomerView, {}],
  forbidden: (plan) => [...UNARY.view(plan), { token: plan.noscopes }],
  nobody: (plan) => [...UNARY.view(plan), { token: undefined }],
  slow: (plan) => [...UNARY.view(plan), { timeoutMs: 100 }],
};

const STREAMS = {
  async watch(caller, plan) {
    const request = fromJson(watchCustomer.input, {
      customer: { contactId: plan.watchedId },
    });
    const leave = new AbortController();
    let first;
    let touched;
    try {
      const messages = caller.watch(request, {
        token: plan.token,
        signal: leave.signal,
      });
      for await (const message of messages) {
        if (first === undefined) {
          const { reset, canonicalId } = message;
          first = { reset, canonicalId };
          touched = await touch(caller, plan);
        } else if (message.changes.some((one) => isOf(one, touched))) {
          return { first, told: true };
        }
      }
    } finally {
      leave.abort();
    }
    return { first, told: false };
  },
  async watchBadToken(caller, plan) {
    const request = fromJson(watchCustomer.input, {
      customer: { contactId: plan.contactId },
      resumeToken: "bad",
    });
    for await (const message of caller.watch(request, { token: plan.token })) {
      return { reply: toJson(watchCustomer.output, message) };
    }
    return {};
  },
};

function isOf(change, interactionId) {
  return (
    change.what.case === "interactionRecorded" &&
    change.what.value.interactionId === interactionId
  );
}

// Records a note; answers its id.
async function touch(caller, plan) {
  const request = fromJson(recordTouch.input, {
    contactId: plan.watchedId,
    interaction: { kind: "KIND_NOTE" },
    requestId: crypto.randomUUID(),
  });
  const response = await caller.unary(recordTouch, request, { token: plan.token });
  return response.interaction.interactionId;
}

async function unary(caller, plan, name) {
  const [method, json, options] = UNARY[name](plan);
  const request = fromJson(method.input, json);
  const response = await caller.unary(method, request, {
    token: plan.token,
    ...options,
  });
  return { reply: toJson(method.output, response) };
}

// Makes the calls that `plan.cases` names; answers what came of each.
export async function runCases(caller, plan) {
  const outcomes = {};
  for (const name of plan.cases) {
    if (name in STREAMS && caller.watch === null) continue;
    try {
      outcomes[name] =
        name in STREAMS
          ? await STREAMS[name](caller, plan)
          : await unary(caller, plan, name);
    } catch (error) {
      const told = caller.errorOf(error);
      // A mistake in here is no answer.
      if (typeof told.code !== "number") throw error;
      outcomes[name] = { error: told };
    }
  }
  return outcomes;
}
