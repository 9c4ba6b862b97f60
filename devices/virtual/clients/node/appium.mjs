// The calls of appium-adb that must succeed. It runs the adb program of
// ANDROID_HOME for each.
import {deepStrictEqual as same, ok, rejects} from 'node:assert';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {ADB} from 'appium-adb';
import {noise, phone, run} from './calls.mjs';

const app = 'org.ringproof.sample';
const dir = '/data/local/tmp/appium';
const file = (name) => join(phone.folder, name);

let adb;

const until = async (done) => {
  while (!(await done())) {
    await new Promise((again) => setTimeout(again, 50));
  }
};

await run({
  createADB: async () => {
    adb = await ADB.createADB({adbPort: phone.port, suppressKillServer: true, udid: phone.serial});
    adb.setDeviceId(phone.serial);
  },
  getVersion: async () => same((await adb.getVersion()).bridge.version, '1.0.41'),
  getConnectedDevices: async () => same((await adb.getConnectedDevices()).map((d) => [d.udid, d.state]), [[phone.serial, 'device']]),
  'getConnectedDevices -l': async () => {
    const [d] = await adb.getConnectedDevices({verbose: true});
    same([d.udid, d.product, d.model, d.device], [phone.serial, 'ringproof_virtual', 'Ringproof_Virtual', 'virtual']);
  },
  getDevicesWithRetry: async () => same((await adb.getDevicesWithRetry()).length, 1),
  isDeviceConnected: async () => ok(await adb.isDeviceConnected()),
  waitForDevice: async () => adb.waitForDevice(10),
  ping: async () => ok(await adb.ping()),
  listFeatures: async () => ok((await adb.listFeatures()).includes('shell_v2')),
  isStreamedInstallSupported: async () => same(await adb.isStreamedInstallSupported(), true),
  shell: async () => same(await adb.shell(['echo', 'hello']), 'hello'),
  'shell that fails': async () => rejects(adb.shell(['echo out; echo err >&2; exit 42']), (e) => e.code === 42 || /42/.test(e.message)),
  'shell with both outputs': async () => same(await adb.shell(['echo out; echo err >&2'], {outputFormat: 'full'}), {stdout: 'out', stderr: 'err\n'}),
  'shell that takes too long': async () => rejects(adb.shell(['sleep 1000'], {timeout: 300}), /timed out/),
  getApiLevel: async () => same(await adb.getApiLevel(), 34),
  getPlatformVersion: async () => same(await adb.getPlatformVersion(), '14'),
  getModel: async () => same(await adb.getModel(), 'Ringproof Virtual'),
  getManufacturer: async () => same(await adb.getManufacturer(), 'Google'),
  getDeviceProperty: async () => same(await adb.getDeviceProperty('ro.product.device'), 'virtual'),
  setDeviceProperty: async () => {
    await adb.setDeviceProperty('debug.appium', 'x', {privileged: false});
    same(await adb.getDeviceProperty('debug.appium'), 'x');
  },
  getDeviceLanguage: async () => same(await adb.getDeviceLanguage(), 'en'),
  // It asks for properties that phones have had before they had locales.
  getDeviceCountry: async () => same(await adb.getDeviceCountry(), ''),
  getDeviceLocale: async () => same(await adb.getDeviceLocale(), 'en-US'),
  getTimeZone: async () => same(await adb.getTimeZone(), 'UTC'),
  getDeviceTime: async () => ok(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(await adb.getDeviceTime?.() ?? '2000-01-01T00:00:00')),
  getScreenSize: async () => same(await adb.getScreenSize(), '1080x2400'),
  getScreenDensity: async () => same(await adb.getScreenDensity(), 420),
  setSetting: async () => {
    await adb.setSetting('global', 'appium', '7');
    same(await adb.getSetting('global', 'appium'), '7');
  },
  setHttpProxy: async () => adb.setHttpProxy('127.0.0.1', 8080),
  deleteHttpProxy: async () => adb.deleteHttpProxy(),
  setHiddenApiPolicy: async () => adb.setHiddenApiPolicy('1'),
  setDefaultHiddenApiPolicy: async () => adb.setDefaultHiddenApiPolicy(),
  isAnimationOn: async () => same(typeof (await adb.isAnimationOn()), 'boolean'),
  setAnimationScale: async () => {
    await adb.setAnimationScale('0.0');
    same(await adb.isAnimationOn(), false);
    await adb.setAnimationScale(1);
  },
  isAirplaneModeOn: async () => same(await adb.isAirplaneModeOn(), false),
  setAirplaneMode: async () => {
    await adb.setAirplaneMode(true);
    same(await adb.isAirplaneModeOn(), true);
    await adb.setAirplaneMode(false);
  },
  isWifiOn: async () => same(typeof (await adb.isWifiOn()), 'boolean'),
  setWifiState: async () => adb.setWifiState(true),
  isDataOn: async () => same(typeof (await adb.isDataOn()), 'boolean'),
  setDataState: async () => adb.setDataState(true),
  getDeviceIdleWhitelist: async () => ok(Array.isArray(await adb.getDeviceIdleWhitelist())),
  addToDeviceIdleWhitelist: async () => {
    await adb.addToDeviceIdleWhitelist('com.android.settings');
    ok((await adb.getDeviceIdleWhitelist()).some((l) => l.includes('com.android.settings')));
  },
  mkdir: async () => {
    await adb.rimraf(dir);
    await adb.mkdir(dir);
  },
  push: async () => {
    writeFileSync(file('up'), noise(200_000));
    await adb.push(file('up'), `${dir}/up`);
  },
  fileExists: async () => same([await adb.fileExists(`${dir}/up`), await adb.fileExists(`${dir}/none`)], [true, false]),
  fileSize: async () => same(await adb.fileSize(`${dir}/up`), 200_000),
  ls: async () => same(await adb.ls(dir), ['up']),
  pull: async () => {
    await adb.pull(`${dir}/up`, file('down'));
    ok(readFileSync(file('down')).equals(noise(200_000)));
  },
  rimraf: async () => {
    await adb.rimraf(dir);
    same(await adb.fileExists(`${dir}/up`), false);
  },
  forwardPort: async () => adb.forwardPort(18401, 18402),
  forwardAbstractPort: async () => adb.forwardAbstractPort(18403, 'appium'),
  getForwardList: async () => same((await adb.getForwardList()).filter((l) => l.includes(phone.serial)).length, 2),
  removePortForward: async () => {
    await adb.removePortForward(18401);
    await adb.removePortForward(18403);
    same((await adb.getForwardList()).filter((l) => l.includes(phone.serial)), []);
  },
  reversePort: async () => adb.reversePort(18404, 18405),
  getReverseList: async () => ok((await adb.getReverseList()).some((l) => l.includes('tcp:18404 tcp:18405'))),
  removePortReverse: async () => adb.removePortReverse(18404),
  install: async () => adb.install(phone.apk),
  isAppInstalled: async () => same([await adb.isAppInstalled(app), await adb.isAppInstalled('org.none')], [true, false]),
  'isAppInstalled for a user': async () => same(await adb.isAppInstalled(app, {user: '0'}), true),
  listInstalledPackages: async () => ok((await adb.listInstalledPackages()).some((p) => p.appPackage === app)),
  getPackageInfo: async () => {
    const i = await adb.getPackageInfo(app);
    same([i.name, i.isInstalled, i.versionCode > 0], [app, true, true]);
  },
  resolveLaunchableActivity: async () => ok((await adb.resolveLaunchableActivity(app)).includes('MainActivity')),
  grantPermission: async () => {
    await adb.grantPermission(app, 'android.permission.POST_NOTIFICATIONS');
    ok((await adb.getGrantedPermissions(app)).includes('android.permission.POST_NOTIFICATIONS'));
  },
  grantPermissions: async () => adb.grantPermissions(app, ['android.permission.POST_NOTIFICATIONS', 'android.permission.RECORD_AUDIO']),
  revokePermission: async () => {
    await adb.revokePermission(app, 'android.permission.POST_NOTIFICATIONS');
    ok((await adb.getDeniedPermissions(app)).includes('android.permission.POST_NOTIFICATIONS'));
  },
  getReqPermissions: async () => ok((await adb.getReqPermissions(app)).includes('android.permission.MANAGE_OWN_CALLS')),
  startApp: async () => adb.startApp({pkg: app, activity: '.MainActivity', waitForLaunch: true}),
  waitForActivity: async () => adb.waitForActivity(app, '.MainActivity', 20_000),
  getFocusedPackageAndActivity: async () => {
    await until(async () => (await adb.getFocusedPackageAndActivity()).appPackage === app);
    same((await adb.getFocusedPackageAndActivity()).appActivity, '.MainActivity');
  },
  dumpWindows: async () => ok((await adb.dumpWindows()).includes(app)),
  isAppRunning: async () => same(await adb.isAppRunning(app), true),
  listAppProcessIds: async () => same((await adb.listAppProcessIds(app)).length, 1),
  getProcessIdsByName: async () => same((await adb.getProcessIdsByName(app)).length, 1),
  getProcessNameById: async () => {
    const [pid] = await adb.getProcessIdsByName(app);
    same(await adb.getProcessNameById(pid), app);
  },
  processExists: async () => same([await adb.processExists(app), await adb.processExists('org.none')], [true, false]),
  listProcessStatus: async () => ok((await adb.listProcessStatus()).length > 5),
  goToHome: async () => adb.goToHome(),
  waitForNotActivity: async () => adb.waitForNotActivity(app, '.MainActivity', 20_000),
  activateApp: async () => {
    await adb.activateApp(app);
    await until(async () => (await adb.getFocusedPackageAndActivity()).appPackage === app);
  },
  back: async () => adb.back(),
  forceStop: async () => {
    await adb.forceStop(app);
    same(await adb.isAppRunning(app), false);
  },
  killPackage: async () => adb.killPackage(app),
  stopAndClear: async () => adb.stopAndClear(app),
  clear: async () => adb.clear(app),
  broadcast: async () => adb.broadcast('org.ringproof.none'),
  startUri: async () => rejects(adb.startUri('nothing-such:x', app)),
  pullApk: async () => {
    const path = await adb.pullApk(app, phone.folder);
    ok(readFileSync(path).equals(readFileSync(phone.apk)));
  },
  installOrUpgrade: async () => adb.installOrUpgrade(phone.apk, app),
  uninstallApk: async () => same([await adb.uninstallApk(app), await adb.isAppInstalled(app)], [true, false]),
  cacheApk: async () => ok(await adb.cacheApk(phone.apk)),
  installFromDevicePath: async () => adb.installFromDevicePath(await adb.cacheApk(phone.apk)),
  'install of no APK': async () => {
    writeFileSync(file('bad.apk'), noise(1000));
    await rejects(adb.install(file('bad.apk')), /INSTALL_PARSE_FAILED_NOT_APK/);
  },
  keyevent: async () => adb.keyevent(3),
  inputText: async () => adb.inputText('hello world'),
  clearTextField: async () => adb.clearTextField(5),
  isSoftKeyboardPresent: async () => same((await adb.isSoftKeyboardPresent()).isKeyboardShown, false),
  availableIMEs: async () => ok((await adb.availableIMEs()).length > 0),
  enabledIMEs: async () => ok((await adb.enabledIMEs()).length > 0),
  defaultIME: async () => ok(await adb.defaultIME()),
  isScreenLocked: async () => same(typeof (await adb.isScreenLocked()), 'boolean'),
  lock: async () => {
    await adb.lock();
    same(await adb.isScreenLocked(), true);
  },
  cycleWakeUp: async () => adb.cycleWakeUp(),
  dismissKeyguard: async () => {
    await adb.keyevent(224);
    await adb.dismissKeyguard();
    await until(async () => !(await adb.isScreenLocked()));
  },
  isLockManagementSupported: async () => same(await adb.isLockManagementSupported(), true),
  isLockEnabled: async () => same(await adb.isLockEnabled(), true), // by swiping
  setLockCredential: async () => adb.setLockCredential('pin', '1234'),
  verifyLockCredential: async () => same(await adb.verifyLockCredential('1234'), true),
  clearLockCredential: async () => adb.clearLockCredential('1234'),
  'verifyLockCredential of none': async () => same(await adb.verifyLockCredential(), true),
  startLogcat: async () => {
    await adb.startLogcat({clearDeviceLogsOnStart: true});
    await adb.shell(['log', '-t', 'appium', 'hello']);
    await until(() => adb.getLogcatLogs().some((l) => l.message.includes('hello')));
    await adb.stopLogcat();
  },
  takeScreenshot: async () => same((await adb.takeScreenshot()).subarray(0, 4).toString('latin1'), '\x89PNG'),
  getLocationProviders: async () => ok(Array.isArray(await adb.getLocationProviders())),
  isRoot: async () => same(await adb.isRoot(), false),
  root: async () => {
    same((await adb.root()).isSuccessful, true);
    same(await adb.isRoot(), true);
  },
  unroot: async () => {
    same((await adb.unroot()).isSuccessful, true);
    same(await adb.isRoot(), false);
  },
  reconnect: async () => adb.reconnect('offline'),
});
