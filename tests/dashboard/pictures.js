// node pictures.js FOLDER: makes the pictures of docs/dashboard.md from a project whose old names go away week by week. SSOT: the program.
import { join } from 'node:path';
import { database, folder, git, launch, open, ssot, write } from './page.js';

const MODULES = { 'src/gateway': 9, 'src/session': 7, 'src/notify/push': 5, 'src/notify/mail': 3, 'src/billing': 6, 'src/search/index': 4, 'src/search/query': 5, 'tools': 2 };
const WEEKS = 14;

const RULES = `ssot: 1
gate: {min-compliance: 100}
rules:
  - id: one-message-router
    kind: single-class
    description: There is one message router, chat::MessageRouter.
    canonical: chat::MessageRouter
    match: {name: ".*Router"}
  - id: user-id-type
    kind: legacy-name
    description: Users are named by chat::UserId.
    replace: {"chat::Uid": "chat::UserId"}
  - id: session-name
    kind: legacy-name
    severity: warning
    description: Connections are sessions everywhere.
    replace: {"chat::Connection": "chat::Session"}
`;
const OWNERS = '* @chat/platform\n/src/gateway/ @chat/edge\n/src/session/ @chat/edge\n/src/notify/ @chat/notify\n/src/billing/ @chat/billing\n/src/search/ @chat/search\n';
const HEADER = `#pragma once
namespace chat {
struct UserId { int value; };
struct Uid { int value; };
struct Session { int id; };
struct Connection { int id; };
class MessageRouter { public: int route(int user, int message) { last = message; return user; } private: int last = 0; };
}
`;

/// A source in which \`left\` of \`all\` functions still use the old names.
function source(depth, name, left, all, hasRouter) {
  const functions = Array.from({ length: all }, (_, i) => {
    const old = i < left;
    return `/// Gives the ${name} of a user, or nothing when there is none.
int ${name}_${i}(const chat::${old ? 'Uid' : 'UserId'} &user, const chat::${old && i % 3 === 0 ? 'Connection' : 'Session'} &session) {
  return user.value * ${i + 2} + session.id;
}
`;
  });
  const router = `class ${name[0].toUpperCase()}${name.slice(1)}Router {
public:
  int route(int user, int message) { count = count + 1; return user + message; }
private:
  int count = 0;
};
`;
  return `#include "${'../'.repeat(depth)}include/chat.h"\n${hasRouter ? router : ''}${functions.join('')}`;
}

function week(root, number) {
  const sources = [];
  for (const [module, count] of Object.entries(MODULES))
    for (let i = 0; i < count; ++i) {
      const name = `${module.split('/').pop()}_part${i}`, file = `${module}/${name}.cpp`, all = 6 + ((i * 7) % 9);
      const pace = 0.55 + ((i * 5 + module.length) % 7) / 12;
      const left = Math.max(0, Math.round(all * (1 - (pace * number) / WEEKS * 0.8)));
      write(root, { [file]: source(module.split('/').length, name, module === 'tools' ? 0 : left, all, i === 1 && number < 4 + module.length) });
      sources.push(file);
    }
  database(root, sources);
}

const root = folder();
write(root, { '.ssot.yaml': RULES, CODEOWNERS: OWNERS, 'include/chat.h': HEADER, '.gitignore': 'compile_commands.json\nhistory.jsonl\npage.html\n' });
git(root, '', 'init', '-q', '-b', 'main');
for (let number = 0; number < WEEKS; ++number) {
  week(root, number);
  const date = new Date(Date.UTC(2026, 0, 5 + 7 * number, 12)).toISOString();
  git(root, date, 'add', '-A');
  git(root, date, 'commit', '-q', '-m', `Week ${number + 1}`);
}
ssot(root, 'history', 'import', '--history', 'history.jsonl');
ssot(root, 'check', '--history', 'history.jsonl', '--format', 'html:page.html', '--format', 'json:report.json');

const browser = await launch();
const to = process.argv[2];
const tab = await open(browser, join(root, 'page.html'), { height: 1490 });
await tab.evaluate(() => scrollTo(0, 0));
await new Promise((resolve) => setTimeout(resolve, 300));
await tab.screenshot({ path: join(to, 'dashboard-light.png') });
await tab.close();
const dark = await open(browser, join(root, 'page.html'), { hash: '#rule=one-message-router', dark: true, height: 900 });
await dark.click('#findings-grid-0');
await new Promise((resolve) => setTimeout(resolve, 300));
await dark.evaluate(() => document.querySelector('#findings').scrollIntoView());
await dark.screenshot({ path: join(to, 'dashboard-dark.png') });
await browser.close();
