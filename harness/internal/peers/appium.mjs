// Feeds texts to the parsers of appium-adb and prints what they make of them.
// No adb is run: shell() answers with the texts of the call.
//
// stdin:  [{"call": "getPackageInfo", "args": ["com.app"], "api": 34, "answers": {"dumpsys package": "..."}}]
// stdout: [{"value": ...} or {"error": "..."}], in the same order
import {readFileSync, writeSync} from 'node:fs';
import {ADB} from 'appium-adb';

const results = [];
for (const {call, args, api, answers} of JSON.parse(readFileSync(0, 'utf8'))) {
  const adb = new ADB();
  adb.getApiLevel = async () => api;
  adb.shell = async (command, options) => {
    const line = command.join(' ');
    const key = Object.keys(answers).find((k) => line.startsWith(k));
    if (key === undefined) {
      throw new Error(`no answer for ${line}`);
    }
    return options?.outputFormat ? {stdout: answers[key], stderr: ''} : answers[key].trim();
  };
  try {
    results.push({value: (await adb[call](...args)) ?? null});
  } catch (e) {
    results.push({error: e.message});
  }
}
writeSync(1, JSON.stringify(results));
