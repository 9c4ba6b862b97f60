// The calls of @devicefarmer/adbkit that must succeed.
import {deepStrictEqual as same, ok} from 'node:assert';
import events, {once} from 'node:events';
import {createServer} from 'node:net';
import {createReadStream, readFileSync} from 'node:fs';
import {Readable} from 'node:stream';
import adbkit from '@devicefarmer/adbkit';
import {noise, phone, run} from './calls.mjs';

const client = adbkit.Adb.createClient({host: '127.0.0.1', port: phone.port, bin: '/bin/false'});
const device = client.getDevice(phone.serial);
const text = async (stream) => (await adbkit.Adb.util.readAll(await stream)).toString();
const ended = (transfer) => new Promise((resolve, reject) => transfer.on('end', resolve).on('error', reject));
const dir = '/data/local/tmp/adbkit';
const big = noise(3_000_000);
const pieces = () => Readable.from(Array.from({length: 50}, (_, i) => big.subarray(i * 60_000, (i + 1) * 60_000)));
// The first news may come before the caller can listen for it.
const until = async (done) => {
  while (!done()) {
    await new Promise((again) => setTimeout(again, 10));
  }
};
const pulled = async (path) => {
  const transfer = await device.pull(path);
  const chunks = [];
  transfer.on('data', (c) => chunks.push(c));
  await ended(transfer);
  return Buffer.concat(chunks);
};

await run({
  version: async () => same(await client.version(), 41),
  listDevices: async () => same(await client.listDevices(), [{id: phone.serial, type: 'device'}]),
  listDevicesWithPaths: async () => {
    const [d] = await client.listDevicesWithPaths();
    // It takes the next words for others where a phone on TCP has no path.
    same([d.id, d.type], [phone.serial, 'device']);
  },
  trackDevices: async () => {
    const tracker = await client.trackDevices();
    await until(() => tracker.deviceList.length === 1);
    same(tracker.deviceList[0], {id: phone.serial, type: 'device'});
    tracker.end();
  },
  // It asks for the path.
  getSerialNo: async () => ok(await device.getSerialNo()),
  getState: async () => same(await device.getState(), 'device'),
  getDevicePath: async () => ok(await device.getDevicePath()),
  getFeatures: async () => ok((await device.getFeatures())['android.hardware.telephony']),
  getProperties: async () => {
    const p = await device.getProperties();
    same([p['ro.build.version.sdk'], p['ro.product.model']], ['34', 'Ringproof Virtual']);
  },
  getPackages: async () => ok((await device.getPackages()).includes('com.android.settings')),
  'getPackages -3': async () => same(await device.getPackages('-3'), []),
  waitForDevice: async () => same(await device.waitForDevice(), phone.serial),
  waitBootComplete: async () => ok(await device.waitBootComplete()),
  shell: async () => same(await text(device.shell('echo hello; echo "a b" >&2')), 'hello\na b\n'),
  'shell with words': async () => same(await text(device.shell(['echo', "it's", '$HOME', 'a  b'])), "it's $HOME a  b\n"),
  'shell large': async () => same((await text(device.shell('head -c 1000000 /dev/zero | tr "\\0" x'))).length, 1_000_000),
  'shell interactive': async () => {
    const s = await device.shell('cat');
    s.write('hello\n');
    const [b] = await once(s, 'data');
    ok(b.toString().startsWith('hello'));
    s.end();
  },
  mkdir: async () => same(await text(device.shell(`rm -rf ${dir}; mkdir ${dir}; ls -d ${dir}`)), `${dir}\n`),
  push: async () => {
    await ended(await device.push(phone.apk, `${dir}/app.apk`));
    same((await device.stat(`${dir}/app.apk`)).size, readFileSync(phone.apk).length);
  },
  'push stream': async () => ended(await device.push(createReadStream(phone.apk), `${dir}/stream.apk`, 0o600)),
  'push stream mode': async () => {
    const s = await device.stat(`${dir}/stream.apk`);
    ok(s.isFile());
    // Android gives the group and others what the owner has.
    same(s.mode & 0o777, 0o666);
  },
  'push large': async () => {
    await ended(await device.push(pieces(), `${dir}/big`));
    ok((await pulled(`${dir}/big`)).equals(big));
  },
  pull: async () => ok((await pulled(`${dir}/app.apk`)).equals(readFileSync(phone.apk))),
  'pull nothing there': async () => {
    const [e] = await once(await device.pull(`${dir}/none`), 'error').catch((e) => [e]);
    ok(/No such file or directory/.test(e.message), e.message);
  },
  stat: async () => ok((await device.stat('/sdcard/')).isDirectory()),
  'stat nothing there': async () => {
    await device.stat('/none').then(() => ok(false), (e) => same(e.code, 'ENOENT'));
  },
  readdir: async () => {
    const names = (await device.readdir(dir)).map((e) => e.name).sort();
    same(names, ['app.apk', 'big', 'stream.apk']);
  },
  syncService: async () => {
    const sync = await device.syncService();
    ok((await sync.stat('/data/local/tmp')).isDirectory());
    same((await sync.readdir(dir)).length, 3);
    sync.end();
  },
  forward: async () => ok(await device.forward('tcp:0', 'localabstract:adbkit')),
  listForwards: async () => {
    const f = await device.listForwards();
    same(f.map((x) => [x.serial, x.remote]), [[phone.serial, 'localabstract:adbkit']]);
  },
  reverse: async () => ok(await device.reverse('localabstract:back', 'tcp:9')),
  listReverses: async () => {
    const r = await device.listReverses();
    same(r.map((x) => [x.remote, x.local]), [['localabstract:back', 'tcp:9']]);
  },
  openTcp: async () => {
    // What the phone's own port leads to is this listener.
    const home = createServer((c) => c.end('from home\n')).listen(0, '127.0.0.1');
    await once(home, 'listening');
    ok(await device.reverse('tcp:18099', `tcp:${home.address().port}`));
    same(await text(device.openTcp(18099)), 'from home\n');
    home.close();
  },
  openLocal: async () => {
    await device.openLocal('localabstract:nobody').then(() => ok(false), (e) => ok(/closed|refused/.test(e.message), e.message));
  },
  openLogcat: async () => {
    const log = await device.openLogcat({clear: true});
    const entries = events.on(log, 'entry'); // before there is one: nobody keeps those that nobody hears
    await text(device.shell('log -t adbkit -p w hello from adbkit'));
    for await (const [e] of entries) {
      if (e.tag === 'adbkit') {
        same([e.message, e.priority], ['hello from adbkit', 5]);
        break;
      }
    }
    log.end();
  },
  openProcStat: async () => {
    const stat = await device.openProcStat();
    const [load] = await once(stat, 'load');
    ok(load);
    stat.end();
  },
  trackJdwp: async () => {
    const tracker = await device.trackJdwp();
    await until(() => tracker.pids.length > 0);
    tracker.end();
  },
  install: async () => ok(await device.install(phone.apk)),
  isInstalled: async () => same([await device.isInstalled('org.ringproof.sample'), await device.isInstalled('org.none')], [true, false]),
  startActivity: async () => ok(await device.startActivity({component: 'org.ringproof.sample/.MainActivity', wait: true})),
  startActivityNobody: async () => {
    await device.startActivity({component: 'org.none/.Main'}).then(() => ok(false), (e) => ok(/does not exist/.test(e.message), e.message));
  },
  startService: async () => {
    await device.startService({component: 'org.ringproof.sample/.None'}).then(() => ok(false), (e) => ok(/Not found|no service/.test(e.message), e.message));
  },
  clear: async () => ok(await device.clear('org.ringproof.sample')),
  uninstall: async () => ok(await device.uninstall('org.ringproof.sample')),
  installRemote: async () => ok(await device.installRemote(`${dir}/app.apk`)),
  'uninstall nobody': async () => ok(await device.uninstall('org.none')),
  screencap: async () => {
    const png = await adbkit.Adb.util.readAll(await device.screencap());
    same(png.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  },
  framebuffer: async () => {
    const f = await device.framebuffer('raw');
    const all = await adbkit.Adb.util.readAll(f);
    // It knows the header before colour spaces came, and reads one field on.
    same([f.meta.version, f.meta.bpp, f.meta.format, all.length], [2, 32, 'rgba', 4 + 1080 * 2400 * 4]);
  },
  remount: async () => ok(await device.remount()),
  root: async () => ok(await device.root()),
  'waitForDevice after root': async () => {
    await text(device.shell('true')).catch(() => {});
    await device.waitForDevice();
  },
});
