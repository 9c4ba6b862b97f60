// The calls of @yume-chan/adb that must succeed: through an adb server, or
// straight to the phone's adb port (argument "direct"), with delayed
// acknowledgement.
import {deepStrictEqual as same, ok, rejects} from 'node:assert';
import {generateKeyPairSync} from 'node:crypto';
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import {Readable, Writable} from 'node:stream';
import {AdbDaemonTransport, AdbFeature, Adb, AdbPacket, AdbPacketSerializeStream, AdbServerClient, LinuxFileType} from '@yume-chan/adb';
import {AdbServerNodeTcpConnector} from '@yume-chan/adb-server-node-tcp';
import {ConcatBufferStream, ConcatStringStream, Consumable, MaybeConsumable, ReadableStream, StructDeserializeStream, TextDecoderStream, pipeFrom} from '@yume-chan/stream-extra';
import {noise, phone, run} from './calls.mjs';

const direct = process.argv[2] === 'direct';
const dir = '/data/local/tmp/yume';
const big = noise(5_000_000);

let client, adb, sync;

// transport speaks to the phone itself.
async function transport(options) {
  const [host, port] = phone.adbd.split(':');
  const socket = connect(Number(port), host);
  await once(socket, 'connect');
  socket.setNoDelay(true);
  const {privateKey} = generateKeyPairSync('rsa', {modulusLength: 2048, publicExponent: 65537});
  const key = {buffer: new Uint8Array(privateKey.export({type: 'pkcs8', format: 'der'})), name: 'yume@host'};
  return AdbDaemonTransport.authenticate({
    serial: phone.serial,
    connection: {
      readable: Readable.toWeb(socket).pipeThrough(new StructDeserializeStream(AdbPacket)),
      writable: pipeFrom(new MaybeConsumable.WritableStream({
        write: (chunk) => new Promise((done, fail) => socket.write(chunk, (e) => (e ? fail(e) : done()))),
        close: () => void socket.end(),
      }), new AdbPacketSerializeStream()),
    },
    credentialStore: {generateKey: () => key, iterateKeys: () => [key]},
    ...options,
  });
}

const stream = (...chunks) => new ReadableStream({
  start(controller) {
    chunks.forEach((c) => controller.enqueue(new Uint8Array(c)));
    controller.close();
  },
});
const inPieces = (b, n) => stream(...Array.from({length: Math.ceil(b.length / n)}, (_, i) => b.subarray(i * n, (i + 1) * n)));
const bytes = async (readable) => Buffer.from(await readable.pipeThrough(new ConcatBufferStream()));
const text = async (readable) => readable.pipeThrough(new TextDecoderStream()).pipeThrough(new ConcatStringStream());
const write = async (writable, ...lines) => {
  const w = writable.getWriter();
  for (const line of lines) {
    await w.write(Buffer.from(line));
  }
  return w;
};

const server = {
  getVersion: async () => same(await client.getVersion(), 41),
  validateVersion: async () => client.validateVersion(41),
  getServerFeatures: async () => ok((await client.getServerFeatures()).includes(AdbFeature.ShellV2)),
  getDevices: async () => {
    const [d] = await client.getDevices();
    same([d.serial, d.state, d.product, d.model, d.device], [phone.serial, 'device', 'ringproof_virtual', 'Ringproof_Virtual', 'virtual']);
  },
  trackDevices: async () => {
    const observer = await client.trackDevices();
    same(observer.current.map((d) => d.serial), [phone.serial]);
    await observer.stop();
  },
  getDeviceFeatures: async () => {
    const {transportId, features} = await client.getDeviceFeatures({serial: phone.serial});
    ok(transportId > 0n);
    ok(features.includes(AdbFeature.AbbExec));
  },
  'getDeviceFeatures by transport id': async () => {
    const {transportId} = await client.getDeviceFeatures({serial: phone.serial});
    same((await client.getDeviceFeatures({transportId})).transportId, transportId);
  },
  'getDeviceFeatures of nobody': async () => rejects(client.getDeviceFeatures({serial: 'nobody'}), /not found/),
  waitFor: async () => client.waitFor({serial: phone.serial}, 'device'),
  createTransport: async () => {
    const t = await client.createTransport({serial: phone.serial});
    same(t.serial, phone.serial);
    await t.close();
  },
};

const daemon = {
  'without delayed acknowledgement': async () => {
    const one = new Adb(await transport({initialDelayedAckBytes: 0}));
    same(await one.subprocess.noneProtocol.spawnWaitText('echo hello'), 'hello\n');
    await one.close();
  },
  'maximum payload': async () => same(adb.maxPayloadSize, 1 << 20),
  'protocol version': async () => same(adb.transport.protocolVersion, 0x01000001),
  'delayed acknowledgement': async () => {
    ok(adb.clientFeatures.includes(AdbFeature.DelayedAck) && adb.canUseFeature(AdbFeature.DelayedAck));
  },
  'small window': async () => {
    const one = new Adb(await transport({initialDelayedAckBytes: 100}));
    same((await one.subprocess.noneProtocol.spawnWait('head -c 200000 /dev/zero')).length, 200_000);
    await one.close();
  },
  'reverse add': async () => {
    // The tunnel is this connection: the phone opens a stream to it. It is
    // accepted when the handler returns.
    const address = await adb.reverse.add('tcp:0', (socket) => {
      write(socket.writable, 'from yume\n').then(() => socket.close());
    });
    const out = await new Promise((done) => {
      adb.createSocket(address).then(async (s) => done(await text(s.readable)));
    });
    same(out, 'from yume\n');
    await adb.reverse.remove(address);
  },
};

const calls = {
  banner: async () => same([adb.banner.product, adb.banner.model, adb.banner.device],
    ['ringproof_virtual', direct ? 'Ringproof Virtual' : 'Ringproof_Virtual', 'virtual']),
  deviceFeatures: async () => ok([AdbFeature.ShellV2, AdbFeature.Cmd, AdbFeature.StatV2, AdbFeature.ListV2, AdbFeature.FixedPushMkdir,
    AdbFeature.Abb, AdbFeature.AbbExec, AdbFeature.SendReceiveV2].every((f) => adb.canUseFeature(f))),
  getProp: async () => same(await adb.getProp('ro.build.version.release'), '14'),
  'getProp of none': async () => same(await adb.getProp('debug.none'), ''),
  rm: async () => {
    await adb.subprocess.noneProtocol.spawnWaitText(`mkdir -p ${dir}; touch ${dir}/x`);
    same(await adb.rm(dir, {recursive: true, force: true}), '');
    same(await adb.subprocess.noneProtocol.spawnWaitText(`ls -d ${dir} || mkdir ${dir}`), `ls: ${dir}: No such file or directory\n`);
  },
  'none spawnWait': async () => same((await adb.subprocess.noneProtocol.spawnWait('head -c 1000000 /dev/zero')).length, 1_000_000),
  'none spawnWaitText of words': async () => same(await adb.subprocess.noneProtocol.spawnWaitText(['echo', 'a', 'b']), 'a b\n'),
  'none stdin': async () => {
    const p = await adb.subprocess.noneProtocol.spawn('head -c 6');
    await write(p.stdin, 'hello\n');
    same(await text(p.output), 'hello\n');
    await p.exited;
  },
  'none kill': async () => {
    const p = await adb.subprocess.noneProtocol.spawn('sleep 1000');
    await p.kill();
    await p.exited;
  },
  'none pty': async () => {
    const p = await adb.subprocess.noneProtocol.pty('tty');
    ok(/\/dev\/pts\/\d+/.test(await text(p.output)));
  },
  'none pty interrupt': async () => {
    const p = await adb.subprocess.noneProtocol.pty();
    // Words that the echo of the line does not have.
    await write(p.input, 'sleep 1000\n').then((w) => w.releaseLock());
    await p.sigint();
    await write(p.input, 'echo aft"er"; exit\n').then((w) => w.releaseLock());
    ok((await text(p.output)).includes('after'));
  },
  'shell exit status': async () => same(await adb.subprocess.shellProtocol.spawnWaitText('echo out; echo err >&2; exit 42'),
    {stdout: 'out\n', stderr: 'err\n', exitCode: 42}),
  'shell spawnWait': async () => {
    const r = await adb.subprocess.shellProtocol.spawnWait('head -c 3000000 /dev/zero');
    same([r.stdout.length, r.stderr.length, r.exitCode], [3_000_000, 0, 0]);
  },
  'shell no such command': async () => {
    const r = await adb.subprocess.shellProtocol.spawnWaitText('nothing-such');
    same([r.exitCode, r.stderr], [127, '/system/bin/sh: nothing-such: inaccessible or not found\n']);
  },
  'shell stdin': async () => {
    const p = await adb.subprocess.shellProtocol.spawn('wc -c');
    const w = p.stdin.getWriter();
    const fed = (async () => {
      for (let i = 0; i < big.length; i += 100_000) {
        await w.write(new Uint8Array(big.subarray(i, i + 100_000)));
      }
      await w.close();
    })();
    same((await text(p.stdout)).trim(), String(big.length));
    await fed;
    same(await p.exited, 0);
  },
  'shell kill': async () => {
    const p = await adb.subprocess.shellProtocol.spawn('sleep 1000');
    await p.kill();
    await rejects(p.exited);
  },
  'shell pty': async () => {
    const p = await adb.subprocess.shellProtocol.pty({command: 'echo $TERM; [ -t 0 ]', terminalType: 'xterm-256color'});
    same((await text(p.output)).trim(), 'xterm-256color');
    same(await p.exited, 0);
  },
  'shell pty resize': async () => {
    const p = await adb.subprocess.shellProtocol.pty();
    await p.resize(33, 77);
    await write(p.input, 'stty size; exit 5\n').then((w) => w.releaseLock());
    ok((await text(p.output)).includes('33 77'));
    same(await p.exited, 5);
  },
  'shell pty interrupt': async () => {
    const p = await adb.subprocess.shellProtocol.pty();
    await write(p.input, 'sleep 1000\n').then((w) => w.releaseLock());
    await p.sigint();
    await write(p.input, 'exit 7\n').then((w) => w.releaseLock());
    await text(p.output);
    same(await p.exited, 7);
  },
  '32 at once': async () => {
    const all = await Promise.all(Array.from({length: 32}, (_, i) => adb.subprocess.shellProtocol.spawnWaitText(`echo ${i}; exit ${i}`)));
    same(all.map((r) => r.exitCode), Array.from({length: 32}, (_, i) => i));
  },
  sync: async () => {
    sync = await adb.sync();
    ok(sync.supportsStat && sync.supportsListV2 && sync.fixedPushMkdir && sync.supportsSendReceiveV2);
  },
  'sync write': async () => {
    await sync.write({filename: `${dir}/not/there/yet`, file: stream(Buffer.from('hello')), permission: 0o640, mtime: 1_600_000_000});
    const s = await sync.stat(`${dir}/not/there/yet`);
    // The group and others get what the owner has.
    same([s.size, s.mtime, s.permission, s.type], [5n, 1_600_000_000n, 0o666, LinuxFileType.File]);
  },
  'sync write large': async () => sync.write({filename: `${dir}/big`, file: inPieces(big, 70_000)}),
  'sync read large': async () => ok((await bytes(sync.read(`${dir}/big`))).equals(big)),
  'sync write empty': async () => {
    await sync.write({filename: `${dir}/empty`, file: stream()});
    same((await sync.stat(`${dir}/empty`)).size, 0n);
  },
  'sync write without effect': async () => {
    await sync.write({filename: `${dir}/dry`, file: stream(Buffer.from('x')), dryRun: true});
    await rejects(sync.stat(`${dir}/dry`), /ENOENT|No such file/);
  },
  'sync symlink': async () => {
    await sync.write({filename: `${dir}/link`, file: stream(Buffer.from('big')), type: LinuxFileType.Link, permission: 0o777});
    same((await sync.lstat(`${dir}/link`)).type, LinuxFileType.Link);
    same((await sync.stat(`${dir}/link`)).size, BigInt(big.length));
  },
  'sync names': async () => {
    const name = `${dir}/ünïcødé 名前 😀`;
    await sync.write({filename: name, file: stream(Buffer.from('x'))});
    same((await bytes(sync.read(name))).toString(), 'x');
  },
  'sync readdir': async () => {
    const all = await sync.readdir(dir);
    same(all.map((e) => e.name).filter((n) => n !== '.' && n !== '..').sort(), ['big', 'empty', 'link', 'not', 'ünïcødé 名前 😀'].sort());
  },
  'sync isDirectory': async () => same([await sync.isDirectory('/sdcard'), await sync.isDirectory(`${dir}/big`)], [true, false]),
  'sync stat of none': async () => rejects(sync.stat('/none'), /ENOENT|No such file/),
  'sync dispose': async () => sync.dispose(),
  // A failed transfer ends its session.
  'sync read of none': async () => rejects(bytes((await adb.sync()).read('/none')), /No such file or directory/),
  'sync write refused': async () => rejects((await adb.sync()).write({filename: '/system/x', file: stream(Buffer.from('x'))}), /Read-only file system|Permission denied/),
  'reverse addExternal': async () => {
    const home = createServer((c) => c.end('from home\n')).listen(0, '127.0.0.1');
    await once(home, 'listening');
    if (direct) { // the host is this client, which has no tunnel of that name
      same(await adb.reverse.addExternal('tcp:18100', 'tcp:1'), 'tcp:18100');
    } else {
      same(await adb.reverse.addExternal('tcp:18100', `tcp:${home.address().port}`), 'tcp:18100');
      same(await text((await adb.createSocket('tcp:18100')).readable), 'from home\n');
    }
    home.close();
  },
  'reverse addExternal anywhere': async () => ok(/^tcp:\d+$/.test(await adb.reverse.addExternal('tcp:0', 'tcp:9'))),
  'reverse list': async () => same((await adb.reverse.list()).length, 2),
  'reverse remove': async () => {
    await adb.reverse.remove('tcp:18100');
    same((await adb.reverse.list()).length, 1);
  },
  'reverse remove nobody': async () => rejects(adb.reverse.remove('tcp:18100'), /not found/),
  'reverse removeAll': async () => {
    await adb.reverse.removeAll();
    same(await adb.reverse.list(), []);
  },
  'createSocket refused': async () => rejects(adb.createSocket('localabstract:nobody')),
  'createSocket of no service': async () => rejects(adb.createSocket('nonsense:')),
  abb_exec: async () => same(await adb.createSocketAndWait('abb_exec:settings\0get\0global\0none'), 'null\n'),
  'install by abb_exec': async () => {
    const {readFileSync} = await import('node:fs');
    const apk = readFileSync(phone.apk);
    const s = await adb.createSocket(`abb_exec:package\0install\0-S\0${apk.length}`);
    const w = s.writable.getWriter();
    await w.write(new Uint8Array(apk));
    same(await text(s.readable), 'Success\n');
  },
  'uninstall by abb': async () => {
    const s = await adb.createSocket('abb:package\0uninstall\0org.ringproof.sample');
    ok((await text(s.readable)).includes('Success\n'));
  },
  framebuffer: async () => {
    const f = await adb.framebuffer();
    same([f.width, f.height, f.bpp, f.size, f.data.length, f.red_offset, f.green_offset, f.blue_offset, f.alpha_offset],
      [1080, 2400, 32, 1080 * 2400 * 4, 1080 * 2400 * 4, 0, 8, 16, 24]);
  },
  'tcpip getListenAddresses': async () => ok(await adb.tcpip.getListenAddresses()),
  'power button': async () => same(await adb.power.powerButton(), ''),
  'tcpip setPort': async () => same(await adb.tcpip.setPort(5555), 'restarting in TCP mode port: 5555\n'),
};

if (direct) {
  adb = new Adb(await transport());
} else {
  client = new AdbServerClient(new AdbServerNodeTcpConnector({host: '127.0.0.1', port: phone.port}));
  adb = await client.createAdb({serial: phone.serial});
}
await run({...(direct ? daemon : server), ...calls});
