// Waiting for what another program does: a condition that is looked at again and again, and a promise with a limit. The
// bed uses these only where no event tells.

/** How often a condition without an event is looked at, milliseconds. */
const LOOK_MS = 20;

/**
 * Waits until `look` answers something else than `undefined` or `false`, and returns it.
 * @param what completes the sentence "waited … ms for"
 * @param limit milliseconds; past it the promise is rejected
 */
export async function until<Found>(
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
  what: string,
  limit = 5000,
): Promise<Exclude<Found, undefined | false>> {
  const end = performance.now() + limit;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) {
      return found as Exclude<Found, undefined | false>;
    }
    if (performance.now() > end) {
      throw new Error(`waited ${limit} ms for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The result of `promise`, or a rejection when it does not settle within `limit` milliseconds. */
export async function within<Result>(promise: Promise<Result>, what: string, limit = 5000): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${limit} ms for ${what}`)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
