// The queue of changes to notebooks (a part of keep_sync.js and notebook.js). It is in local storage, where
// it survives a change of the page, a reload and the tab. Each change is sent until the server acknowledges
// it. A tab sends its own changes, and those that another tab has abandoned.

const CHANGE = "byline-change:", TAB = "byline-tab";
const RETRY_MS = 2000, MAX_RETRY_MS = 30_000;
const ABANDONED_MS = 10_000; // age from which any tab sends a change
const queue = { attempt: 0, timer: 0, retry: RETRY_MS, count: 0, send: () => {} };

function freshId() {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return [...random].map((n) => n.toString(36).padStart(7, "0")).join("");
}

function thisTab() {
  if (!sessionStorage.getItem(TAB)) sessionStorage.setItem(TAB, freshId());
  return sessionStorage.getItem(TAB);
}

// Queues a change; ids sort by time.
function putChange(change) {
  const time = Date.now().toString(36).padStart(9, "0"), number = String(queue.count++).padStart(6, "0");
  const made = { ...change, id: `${time}-${number}-${freshId()}`, at: Date.now(), tab: thisTab() };
  localStorage.setItem(CHANGE + made.id, JSON.stringify(made));
  return made;
}

function dropChanges(ids) {
  for (const id of ids) localStorage.removeItem(CHANGE + id);
}

function waitingChanges() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(CHANGE)).sort();
  return keys.map((key) => JSON.parse(localStorage.getItem(key) ?? "null")).filter(Boolean);
}

function sendableChanges() {
  const mine = thisTab(), now = Date.now();
  return waitingChanges().filter(({ tab, at }) => tab === mine || now - at > ABANDONED_MS);
}

// Sends the queue, now or after some milliseconds, and again until it is acknowledged.
function flushChanges(after = 0) {
  clearTimeout(queue.timer);
  queue.timer = setTimeout(() => {
    const changes = sendableChanges();
    if (!changes.length) return;
    queue.attempt += 1;
    queue.onSend?.(changes);
    queue.send({ attempt: queue.attempt, changes });
    queue.retry = Math.min(2 * queue.retry, MAX_RETRY_MS);
    flushChanges(queue.retry);
  }, after);
}

// Removes acknowledged changes from the queue, and returns them.
function removeDone(ids) {
  const done = waitingChanges().filter(({ id }) => ids.includes(id));
  dropChanges(ids);
  if (done.length) queue.retry = RETRY_MS;
  if (!sendableChanges().length) clearTimeout(queue.timer);
  return done;
}
