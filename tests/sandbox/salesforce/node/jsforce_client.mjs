// Salesforce's own JavaScript client does a day's work; one line of JSON tells how it went.
import { Connection } from "@jsforce/jsforce-node";

const [address, username, password, clientId, clientSecret] = process.argv.slice(2);
const told = {};
const names = (records) => records.map((each) => each.Name);

const connection = new Connection({ loginUrl: address, version: "61.0" });
const user = await connection.login(username, password);
told.login = { organization: user.organizationId, identity: (await connection.identity()).username };

const tokens = new Connection({ instanceUrl: address, oauth2: { clientId, clientSecret, loginUrl: address } });
await tokens.authorize({ grant_type: "client_credentials" });
told.oauth = names((await tokens.query("SELECT Name FROM Account ORDER BY Name")).records);

const everything = connection.query("SELECT Name FROM Opportunity ORDER BY Name");
told.pages = names((await everything.run({ autoFetch: true, maxFetch: 100 })).records);
told.found = names(
  await connection.sobject("Opportunity").find({ Amount: { $gte: 100 } }, ["Name"]).sort({ Amount: -1 }).limit(5).execute(),
);
told.deleted = (await connection.query("SELECT Id FROM Task", { scanAll: true })).totalSize;
told.groups = (await connection.query("SELECT OwnerId who, COUNT(Id) deals FROM Opportunity GROUP BY OwnerId ORDER BY COUNT(Id)")).records.map(
  (each) => each.deals,
);
told.children = (await connection.query("SELECT Name, (SELECT Subject FROM Tasks) FROM Account WHERE Name = 'Acme'")).records[0].Name;

const accounts = connection.sobject("Account");
const made = await accounts.create([{ Name: "One" }, { Name: "Two" }]);
told.made = made.map((each) => each.success);
await accounts.update({ Id: made[0].id, Name: "Uno" });
told.read = names(await accounts.retrieve(made.map((each) => each.id)));
told.upserted = [
  (await accounts.upsert({ External_Key__c: "js-1", Name: "Three" }, "External_Key__c")).created,
  (await accounts.upsert({ External_Key__c: "js-1", Name: "Drei" }, "External_Key__c")).created,
];
told.destroyed = (await accounts.destroy(made.map((each) => each.id))).map((each) => each.success);
const missing = await connection.query("SELECT Nope FROM Account").catch((error) => error);
told.refused = [missing.errorCode ?? missing.name, missing.message];

told.objects = (await connection.describeGlobal()).sobjects.length > 5;
told.fields = (await accounts.describe()).fields.find((each) => each.name === "Name").type;
told.searched = names((await connection.search("FIND {Acme} IN NAME FIELDS RETURNING Account(Id, Name)")).searchRecords);
told.limits = (await connection.limits()).DailyApiRequests.Max;
const end = new Date(Date.parse("2026-03-11T10:01:00Z"));
told.updated = (await connection.sobject("Opportunity").updated(new Date(end - 5 * 86400e3), end)).ids.length;

connection.bulk2.pollInterval = 20;
const stream = await connection.bulk2.query("SELECT Name, Amount FROM Opportunity");
told.bulk = (await stream.toArray()).map((each) => [each.Name, each.Amount]).sort();
const loaded = await connection.bulk2.loadAndWaitForResults({
  object: "Account",
  operation: "insert",
  input: [{ Name: "Bulk, \"one\"", NumberOfEmployees: 5 }, { Name: "Two", NumberOfEmployees: "many" }],
});
told.loaded = [loaded.successfulResults.map((each) => each.Name), loaded.failedResults.length];

connection.bulk.pollInterval = 20;
const first = await connection.bulk.load("Account", "insert", [{ Name: "Old", NumberOfEmployees: 1 }, { Name: "New", NumberOfEmployees: "many" }]);
told.bulk1 = [first.map((each) => each.success), (await (await connection.bulk.query("SELECT Name FROM Account WHERE Name = 'Old'")).toArray()).length];
told.plan = (await connection.query("SELECT Id FROM Account").explain()).plans[0].sobjectType;
told.layouts = (await accounts.layouts()).recordTypeMappings.length;
told.recent = (await connection.recent(1)).length;
told.tooling = (await connection.tooling.query("SELECT Id FROM ApexClass")).totalSize;
told.metadata = (await connection.metadata.describe()).metadataObjects[0].xmlName;
told.timestamp = (await connection.soap.getServerTimestamp()).timestamp;
await connection.logout();
told.ended = (await new Connection({ instanceUrl: address, accessToken: user.accessToken ?? "x" }).limits().catch((error) => error)).errorCode;

process.stdout.write(`${JSON.stringify(told)}\n`);
