// The notifier (RFC 6665 4.2): who is subscribed to the state of the station, in a fixed table. A SUBSCRIBE makes, refreshes or
// ends a subscription and is followed by a NOTIFY at once; every change of the state by another. One NOTIFY of a subscription is
// under way at a time: changes meanwhile become one. What the state is, the event packages say.

import { createFixedText, equalFixedText, type FixedText, putFixedText, setFixedText } from "../bytes/fixed-text";
import { createText, type Text } from "../bytes/text";
import { putDecimal, putText, putTwoBytes, type Writer } from "../bytes/writer";
import { timeBetween } from "../clock/time";
import { createTimer, startTimer, stopTimer, type Timer } from "../clock/timer-wheel";
import {
  countRefused,
  countReleased,
  countTaken,
  createPoolOctets,
  createPoolUse,
  type Memory,
  type PoolUse,
} from "../memory/pool";
import { type Account, putContactFor } from "./account";
import { accountOfRequest } from "./account-choice";
import { type ClientAuthentication, createClientAuthentication, setCredentials } from "./client-authentication";
import {
  advanceRemoteSequence,
  closeDialog,
  createDialog,
  type Dialog,
  isInDialog,
  openDialogAsCalled,
  refreshTarget,
} from "./dialog";
import { findEventId, isEventOf } from "./event";
import { HeaderName } from "./header-name";
import { randomBelow, TAG_LENGTH } from "./identifiers";
import { acceptsMediaType } from "./media-type";
import { hasHeader, headerNumber, type Message } from "./message";
import { Method } from "./method";
import { createParameter } from "./parameters";
import { createRequestHandler, NO_SESSION } from "./request-handler";
import {
  closeBody,
  openBody,
  putHeaderName,
  putHeaderNumber,
  putHeadersOf,
  putHeaderText,
  putLineEnd,
  putNoBody,
} from "./response-writer";
import { openResponse, type ServerTransaction, sendPlainResponse, sendResponse } from "./server-transaction";
import { createSingleRequest, type SingleRequest, sendSingleRequest } from "./single-request";
import { Status } from "./status";
import { setTransactionTag, type UserAgent } from "./user-agent";

/** An event package (RFC 6665 5): its name, the type of its bodies, and who writes them. */
export interface EventPackage {
  owner: object;
  readonly name: Text;
  readonly type: Text;
  /**
   * Appends the whole state as it is now.
   * @param entity the URI whose state it is: our address of record as the subscriber knows it
   * @param version rises with each NOTIFY of the subscription, from 0
   */
  writeState: (owner: object, writer: Writer, entity: FixedText, version: number) => void;
}

/** Who decides about subscribers. Set once, at boot. */
export interface SubscriptionUser {
  owner: object;
  /** Whether the sender may know the state; else 403. */
  isWelcome: (owner: object, request: Message) => boolean;
}

const enum SubscriptionState {
  FREE = 0,
  ACTIVE = 1,
  /** Its last NOTIFY is to be sent, or is under way. */
  TERMINATED = 2,
}

interface Subscription {
  readonly subscriptions: Subscriptions;
  state: SubscriptionState;
  /** Whose state it is. */
  account: Account;
  readonly dialog: Dialog;
  /** In Subscriptions.packages. */
  package: number;
  /** The id parameter of Event; empty when there is none. */
  readonly id: FixedText;
  version: number;
  /** Why it is over: a reason of Subscription-State. */
  reason: Text;
  /** The state has changed since the NOTIFY that is under way was written. */
  changed: boolean;
  request: SingleRequest;
  expiry: Timer;
}

export interface Subscriptions {
  readonly userAgent: UserAgent;
  readonly user: SubscriptionUser;
  readonly packages: EventPackage[];
  readonly use: PoolUse;
  readonly items: Subscription[];
  readonly authentication: ClientAuthentication;
  /** A local tag on its way from a transaction into a dialog. */
  readonly localTag: FixedText;
}

/** Seconds of a subscription that asks for none (RFC 3856 6.4, RFC 4235 3.4), and the most that is granted. */
export const SUBSCRIPTION_SECONDS = 3600;
/** Shorter ones are refused with 423. */
export const SUBSCRIPTION_SECONDS_MINIMUM = 60;
/** To be tried again when the table is full. */
const RETRY_AFTER_SECONDS = 60;

const ACTIVE = createText("active;expires=");
const TERMINATED = createText("terminated;reason=");
const TIMEOUT = createText("timeout");
const DEACTIVATED = createText("deactivated");
const APPLICATION = createText("application/*");
const ID = createText(";id=");

const ID_OCTETS = 32;

const id = createParameter();

function createSubscription(subscriptions: Subscriptions): Subscription {
  const userAgent = subscriptions.userAgent;
  const subscription = {
    subscriptions,
    state: SubscriptionState.FREE,
    account: userAgent.direct,
    dialog: createDialog(userAgent.limits),
    package: 0,
    id: createFixedText(ID_OCTETS),
    version: 0,
    reason: TIMEOUT,
    changed: false,
  } as unknown as Subscription;
  subscription.request = createSingleRequest(
    userAgent,
    Method.NOTIFY,
    subscription.dialog,
    subscriptions.authentication,
    { owner: subscription, writeRest, onResult },
  );
  subscription.expiry = createTimer(subscription, onExpiry);
  return subscription;
}

/** Boot only: the station takes SUBSCRIBE for the packages that are added. */
export function createSubscriptions(memory: Memory, userAgent: UserAgent, user: SubscriptionUser): Subscriptions {
  const subscriptions: Subscriptions = {
    userAgent,
    user,
    packages: [],
    authentication: createClientAuthentication(userAgent.direct.credentials, false),
    localTag: createFixedText(TAG_LENGTH),
    use: createPoolUse(memory, userAgent.limits.subscriptions),
    items: [],
  };
  for (let index = 0; index < userAgent.limits.subscriptions.count; index += 1) {
    subscriptions.items.push(createSubscription(subscriptions));
  }
  createPoolOctets(subscriptions.use);
  createRequestHandler(userAgent.handlers, { owner: subscriptions, method: Method.SUBSCRIBE, onRequest });
  return subscriptions;
}

/** Boot only: the station can be subscribed to one more event package. Returns its number for `notifySubscribers`. */
export function createEventPackage(subscriptions: Subscriptions, eventPackage: EventPackage): number {
  subscriptions.packages.push(eventPackage);
  return subscriptions.packages.length - 1;
}

function releaseSubscription(subscription: Subscription): void {
  const subscriptions = subscription.subscriptions;
  stopTimer(subscriptions.userAgent.transactions.transport.wheel, subscription.expiry);
  subscription.state = SubscriptionState.FREE;
  closeDialog(subscription.dialog);
  countReleased(subscriptions.use);
}

/** Sends the state as it is now, or as soon as the NOTIFY before is answered. One that cannot be told is dropped. */
function notify(subscription: Subscription): void {
  const account = subscription.account;
  const authentication = subscription.subscriptions.authentication;
  subscription.changed = subscription.request.busy;
  if (subscription.changed) {
    return;
  }
  if (authentication.credentials !== account.credentials) {
    setCredentials(authentication, account.credentials);
  }
  if (sendSingleRequest(subscription.request, account, subscription.dialog, authentication) !== Status.OK) {
    releaseSubscription(subscription);
  }
}

function terminate(subscription: Subscription, reason: Text): void {
  subscription.state = SubscriptionState.TERMINATED;
  subscription.reason = reason;
  notify(subscription);
}

function onExpiry(owner: object): void {
  terminate(owner as Subscription, TIMEOUT);
}

/** Whole seconds that a subscription still has. */
function secondsLeft(subscription: Subscription): number {
  const wheel = subscription.subscriptions.userAgent.transactions.transport.wheel;
  const left = timeBetween(wheel.now, subscription.expiry.due);
  return subscription.expiry.armed && left > 0 ? ((left + 999) / 1000) | 0 : 0;
}

function writeRest(owner: object, writer: Writer): void {
  const subscription = owner as Subscription;
  const subscriptions = subscription.subscriptions;
  const eventPackage = subscriptions.packages[subscription.package];
  putHeaderName(writer, HeaderName.EVENT);
  putText(writer, eventPackage.name);
  if (subscription.id.length > 0) {
    putText(writer, ID);
    putFixedText(writer, subscription.id);
  }
  putLineEnd(writer);
  putHeaderName(writer, HeaderName.SUBSCRIPTION_STATE);
  if (subscription.state === SubscriptionState.ACTIVE) {
    putText(writer, ACTIVE);
    putDecimal(writer, secondsLeft(subscription));
  } else {
    putText(writer, TERMINATED);
    putText(writer, subscription.reason);
  }
  putLineEnd(writer);
  putHeaderText(writer, HeaderName.CONTENT_TYPE, eventPackage.type);
  const bodyStart = openBody(writer);
  eventPackage.writeState(eventPackage.owner, writer, subscription.account.addressUri, subscription.version);
  closeBody(writer, bodyStart);
  subscription.version += 1;
}

/** A subscriber that does not answer, or refuses without saying when to come again, has none any more (RFC 6665 4.2.2). */
function onResult(owner: object, statusCode: number, mayRepeat: boolean): void {
  const subscription = owner as Subscription;
  const good = (statusCode >= 200 && statusCode < 300) || mayRepeat;
  if (good && subscription.changed) {
    notify(subscription);
  } else if (!good || subscription.state === SubscriptionState.TERMINATED) {
    releaseSubscription(subscription);
  }
}

/** Tells all subscribers of a package that its state has changed. */
export function notifySubscribers(subscriptions: Subscriptions, eventPackage: number): void {
  for (let index = 0; index < subscriptions.items.length; index += 1) {
    const subscription = subscriptions.items[index];
    if (subscription.state === SubscriptionState.ACTIVE && subscription.package === eventPackage) {
      notify(subscription);
    }
  }
}

/** Ends all subscriptions: the station goes down (`deactivated`: subscribe anew). */
export function endSubscriptions(subscriptions: Subscriptions): void {
  for (let index = 0; index < subscriptions.items.length; index += 1) {
    if (subscriptions.items[index].state === SubscriptionState.ACTIVE) {
      terminate(subscriptions.items[index], DEACTIVATED);
    }
  }
}

/** 489 with the packages that there are (RFC 6665 4.2.1.2). */
function refuseEvent(subscriptions: Subscriptions, transaction: ServerTransaction): void {
  const writer = openResponse(transaction);
  putHeaderName(writer, HeaderName.ALLOW_EVENTS);
  for (let index = 0; index < subscriptions.packages.length; index += 1) {
    if (index > 0) {
      putTwoBytes(writer, 0x2c, 0x20);
    }
    putText(writer, subscriptions.packages[index].name);
  }
  putLineEnd(writer);
  putNoBody(writer);
  sendResponse(transaction, 489, 0);
}

function refuseWithNumber(transaction: ServerTransaction, statusCode: number, name: HeaderName, value: number): void {
  const writer = openResponse(transaction);
  putHeaderNumber(writer, name, value);
  putNoBody(writer);
  sendResponse(transaction, statusCode, 0);
}

function findPackage(subscriptions: Subscriptions, request: Message): number {
  for (let index = 0; index < subscriptions.packages.length; index += 1) {
    if (isEventOf(request, subscriptions.packages[index].name)) {
      return index;
    }
  }
  return -1;
}

/** The subscription that a SUBSCRIBE with a To tag is of. Returns its index, or -1. */
function findSubscription(subscriptions: Subscriptions, request: Message, eventPackage: number): number {
  for (let index = 0; index < subscriptions.items.length; index += 1) {
    const subscription = subscriptions.items[index];
    if (
      subscription.state === SubscriptionState.ACTIVE &&
      subscription.package === eventPackage &&
      isInDialog(subscription.dialog, request) &&
      equalFixedText(subscription.id, request.bytes, id.valueStart, id.valueEnd)
    ) {
      return index;
    }
  }
  return -1;
}

/** Takes a free record. Returns its index, or FULL. */
function takeSubscription(subscriptions: Subscriptions): number {
  for (let index = 0; index < subscriptions.items.length; index += 1) {
    if (subscriptions.items[index].state === SubscriptionState.FREE) {
      countTaken(subscriptions.use);
      return index;
    }
  }
  countRefused(subscriptions.use);
  return Status.FULL;
}

/** 200 with what is granted, and the NOTIFY behind it. 0 seconds end the subscription, or make one for a single look. */
function grant(subscription: Subscription, request: Message, transaction: ServerTransaction, seconds: number): void {
  const userAgent = subscription.subscriptions.userAgent;
  const wheel = userAgent.transactions.transport.wheel;
  const writer = openResponse(transaction);
  putHeadersOf(writer, request, HeaderName.RECORD_ROUTE);
  putContactFor(writer, subscription.account, userAgent.transactions.transport.source);
  putHeaderNumber(writer, HeaderName.EXPIRES, seconds);
  putNoBody(writer);
  sendResponse(transaction, 200, 0);
  stopTimer(wheel, subscription.expiry);
  if (seconds > 0) {
    startTimer(wheel, subscription.expiry, 1000 * seconds);
    notify(subscription);
  } else {
    terminate(subscription, TIMEOUT);
  }
}

function subscribe(
  subscriptions: Subscriptions,
  request: Message,
  transaction: ServerTransaction,
  eventPackage: number,
  seconds: number,
): void {
  const index = takeSubscription(subscriptions);
  if (index < 0) {
    refuseWithNumber(transaction, 503, HeaderName.RETRY_AFTER, RETRY_AFTER_SECONDS);
    return;
  }
  const subscription = subscriptions.items[index];
  const random = subscriptions.userAgent.transactions.transport.random;
  setTransactionTag(subscriptions.localTag, transaction);
  subscription.state = SubscriptionState.ACTIVE;
  subscription.account = accountOfRequest(subscriptions.userAgent, request);
  subscription.package = eventPackage;
  subscription.version = 0;
  subscription.changed = false;
  const opened = openDialogAsCalled(subscription.dialog, request, subscriptions.localTag);
  if (opened !== Status.OK || !setFixedText(subscription.id, request.bytes, id.valueStart, id.valueEnd)) {
    releaseSubscription(subscription);
    sendPlainResponse(transaction, opened === Status.OK || opened === Status.TOO_LONG ? 513 : 400, 0);
    return;
  }
  subscription.dialog.localSequence = 1 + randomBelow(random, 10000);
  grant(subscription, request, transaction, seconds);
}

/** A SUBSCRIBE within a subscription's dialog: it goes on, or ends (RFC 6665 4.2.1.4). */
function refresh(subscription: Subscription, request: Message, transaction: ServerTransaction, seconds: number): void {
  if (!advanceRemoteSequence(subscription.dialog, request)) {
    sendPlainResponse(transaction, 500, 0);
    return;
  }
  refreshTarget(subscription.dialog, request);
  grant(subscription, request, transaction, seconds);
}

/** The checks of RFC 6665 4.2.1.1 in their order. In the dialog of a call nobody subscribes (4.5.2). */
function onRequest(owner: object, request: Message, transaction: ServerTransaction, session: number): void {
  const subscriptions = owner as Subscriptions;
  const eventPackage = findPackage(subscriptions, request);
  const inDialog = request.to.tagEnd > request.to.tagStart;
  const asked = hasHeader(request, HeaderName.EXPIRES) ? headerNumber(request, HeaderName.EXPIRES) : -1;
  const seconds = asked < 0 || asked > SUBSCRIPTION_SECONDS ? SUBSCRIPTION_SECONDS : asked;
  findEventId(request, id);
  const index = inDialog ? findSubscription(subscriptions, request, eventPackage) : -1;
  if (session !== NO_SESSION) {
    sendPlainResponse(transaction, 403, 0);
  } else if (eventPackage < 0) {
    refuseEvent(subscriptions, transaction);
  } else if (inDialog && index < 0) {
    sendPlainResponse(transaction, 481, 0);
  } else if (!subscriptions.user.isWelcome(subscriptions.user.owner, request)) {
    sendPlainResponse(transaction, 403, 0);
  } else if (!acceptsMediaType(request, subscriptions.packages[eventPackage].type, APPLICATION)) {
    sendPlainResponse(transaction, 406, 0);
  } else if (seconds > 0 && seconds < SUBSCRIPTION_SECONDS_MINIMUM) {
    refuseWithNumber(transaction, 423, HeaderName.MIN_EXPIRES, SUBSCRIPTION_SECONDS_MINIMUM);
  } else if (index >= 0) {
    refresh(subscriptions.items[index], request, transaction, seconds);
  } else {
    subscribe(subscriptions, request, transaction, eventPackage, seconds);
  }
}
