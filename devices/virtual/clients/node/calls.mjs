// Makes the calls of a list, one after the other, and prints a JSON line for
// each: {"call": name, "error": what went wrong or ""}.
const patience = Number(process.env.PATIENCE ?? 60_000);

export async function run(calls) {
  for (const [call, make] of Object.entries(calls)) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${patience / 1000} s`)), patience);
    });
    let error = '';
    try {
      await Promise.race([make(), late]);
    } catch (e) {
      error = String(e?.stack ?? e) || 'thrown nothing';
    } finally {
      clearTimeout(timer);
    }
    console.log(JSON.stringify({call, error}));
  }
  process.exit(0);
}

// What the test tells of the phone and its surroundings.
export const phone = {
  serial: process.env.PHONE_SERIAL, // as the server lists it
  port: Number(process.env.ANDROID_ADB_SERVER_PORT), // of the server
  adbd: process.env.PHONE_ADBD, // host:port of the phone itself
  apk: process.env.PHONE_APK, // an app to install
  folder: process.env.PHONE_FOLDER, // for files of the host
};

// noise is n bytes that no codec makes small and that differ from place to place.
export function noise(n) {
  const b = Buffer.alloc(n);
  for (let i = 0, x = 1; i < n; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    b[i] = x >>> 16;
  }
  return b;
}
