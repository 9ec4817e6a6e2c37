#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "client/command/examples.h"
#include "client/command/run.h"
#include "tests/client/fake_server.h"
#include "tests/temporary_folder.h"

namespace wonbon::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

struct Ran {
  int code = 0;
  std::string out;
  std::string err;

  std::vector<Json> lines() const {
    std::vector<Json> parsed;
    std::istringstream in(out);
    for (std::string line; std::getline(in, line);) parsed.push_back(Json::parse(line));
    return parsed;
  }
};

class CommandTest : public ::testing::Test {
 protected:
  CommandTest() {
    ::setenv("XDG_STATE_HOME", (folder_ / "state").c_str(), 1);
    for (const char* variable :
         {"WONBON_ENDPOINT", "WONBON_API_KEY", "WONBON_CA", "WONBON_COLLECTION"}) {
      ::unsetenv(variable);
    }
  }

  static Ran RunBare(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    Ran ran;
    ran.code = RunWonbon(arguments, out, err);
    ran.out = out.str();
    ran.err = err.str();
    return ran;
  }

  Ran Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "--endpoint=" + server_.endpoint());
    return RunBare(arguments);
  }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  FakeServer server_;
  const TemporaryFolder temporary_;
  const std::filesystem::path folder_ = temporary_.path();
};

TEST_F(CommandTest, AWrongVerbIsGuessed) {
  const std::pair<const char*, const char*> guesses[] = {
      {"sbumit", "submit"}, {"imprt", "import"}, {"cluster-s", "clusters"}, {"exp", "export"},
      {"rm", "delete"},     {"ping", "health"}};
  for (const auto& [word, verb] : guesses) {
    const Ran ran = RunBare({"--output", "json", word, "--whatever"});
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.err, HasSubstr(std::string("no verb \"") + word + "\"; did you mean " + verb));
  }
  const Ran unknown = RunBare({"frobnicate"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("no verb \"frobnicate\"\nSee: wonbon --help"));
}

TEST_F(CommandTest, WithoutArgumentsItSaysHowToBegin) {
  const Ran ran = RunBare({});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("wonbon import"));
}

TEST_F(CommandTest, HelpAndVersionAreVerbsToo) {
  EXPECT_EQ(RunBare({"version"}).out, RunBare({"--version"}).out);
  EXPECT_EQ(RunBare({"help"}).out, RunBare({"--help"}).out);
  EXPECT_EQ(RunBare({"help", "keys", "new"}).out, RunBare({"keys", "new", "--help"}).out);
  const Ran ran = RunBare({"help", "keys", "nwe"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("did you mean new?"));
}

TEST_F(CommandTest, ExamplesHaveNoOptionsThatTheirVerbsHaveNot) {
  for (const Example& example : ExamplesOf()) {
    std::vector<std::string> verbs;
    std::istringstream words{std::string(example.verb)};
    for (std::string verb; words >> verb;) verbs.push_back(verb);
    verbs.push_back("--help");
    const Ran help = RunBare(verbs);
    ASSERT_EQ(help.code, 0) << example.verb;
    EXPECT_THAT(help.out, HasSubstr(std::string(example.line)));
    const std::string all = help.out + RunBare({"--help"}).out;
    std::istringstream line{std::string(example.line)};
    for (std::string word; line >> word;) {
      if (!word.starts_with("--")) continue;
      EXPECT_THAT(all, HasSubstr(word.substr(0, word.find('=')))) << example.line;
    }
  }
}

TEST_F(CommandTest, TheManualAndWhatShellsCompleteNameEveryVerb) {
  const std::string page = RunBare({"man"}).out;
  for (const char* verb : {"submit", "import", "collections create", "keys revoke", "doctor", "top",
                           "report publishers"}) {
    EXPECT_THAT(page, HasSubstr(std::string("\n.SS ") + verb + "\n"));
  }
  EXPECT_THAT(page, HasSubstr("\n\\fB\\-\\-min\\-size\\fR"));
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = RunBare({"completion", shell}).out;
    for (const char* word : {"submit", "revoke", "min-size", "table json jsonl", "doctor",
                             "publishers", "dry-run", "data-dir"}) {
      EXPECT_THAT(script, HasSubstr(word)) << shell;
    }
  }
  EXPECT_EQ(RunBare({"completion", "tcsh"}).code, 2);
}

TEST_F(CommandTest, AWrongCommandLineIsTwo) {
  const std::vector<std::vector<std::string>> cases = {
      {},
      {"frobnicate"},
      {"stats", "--no-such-option"},
      {"stats", "--output", "xml"},
      {"stats", "--timeout", "soon"},
      {"import"},
      {"import", "x", "--in-flight", "0"},
      {"import", "x", "--encoding", "latin-1"},
      {"compare"},
      {"compare", "a"},
      {"compare", "a", "b", "--pairs", "x"},
      {"collections"},
      {"collections", "create"},
      {"collections", "create", "x", "--retention", "long"},
      {"get"},
      {"backup"},
      {"backup", "verify"},
      {"backup", "restore", "only-one"},
      {"read-only", "now"},
      {"clusters", "--sort", "loudest"},
      {"clusters", "--sort", "size", "--newest-first"},
      {"clusters", "--since", "yesterday"},
      {"report"},
      {"report", "publishers", "--since", "yesterday"},
      {"top", "--interval", "soon"},
      {"import", "x", "--map", "body"},
  };
  for (const auto& arguments : cases) {
    const Ran ran = Run(arguments);
    EXPECT_EQ(ran.code, 2) << ::testing::PrintToString(arguments);
    EXPECT_THAT(ran.err, HasSubstr("--help"));
    EXPECT_THAT(ran.out, IsEmpty());
  }
}

TEST_F(CommandTest, ClustersAreAskedForAsTheOptionsSay) {
  const int64_t before = absl::ToUnixSeconds(absl::Now());
  EXPECT_EQ(Run({"clusters", "--sort=size", "--since=24h", "--title=금리 동결",
                 "--member-publisher=한빛일보"}).code, 0);
  v1::ListClustersRequest asked = server_.list();
  EXPECT_EQ(asked.order(), v1::CLUSTER_ORDER_LARGEST);
  EXPECT_NEAR(static_cast<double>(asked.published_from().seconds()),
              static_cast<double>(before - 24 * 3600), 30);
  EXPECT_EQ(asked.title_words(), "금리 동결");
  EXPECT_EQ(asked.member_publisher(), "한빛일보");
  EXPECT_EQ(Run({"clusters", "--sort=active", "--since=2025-04-15 09:00"}).code, 0);
  asked = server_.list();
  EXPECT_EQ(asked.order(), v1::CLUSTER_ORDER_NEWEST_DOCUMENT);
  EXPECT_EQ(asked.published_from().seconds(), 1'744'675'200);
  EXPECT_EQ(Run({"clusters", "--newest-first"}).code, 0);
  EXPECT_TRUE(server_.list().newest_first());
  EXPECT_FALSE(server_.list().has_published_from());
}

TEST_F(CommandTest, HelpIsZero) {
  EXPECT_THAT(RunBare({"--help"}).out, HasSubstr("import"));
  const Ran ran = RunBare({"import", "--help"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("wonbon import"));
  EXPECT_THAT(RunBare({"--version"}).out, HasSubstr("wonbon "));
}

TEST_F(CommandTest, SharedOptionsStandBeforeAndBehindTheVerb) {
  const std::string endpoint = "--endpoint=" + server_.endpoint();
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{endpoint, "--output", "json", "stats"},
        {endpoint, "stats", "--output", "json"},
        {"stats", "--output=json", endpoint}}) {
    const Ran ran = RunBare(arguments);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(Json::parse(ran.out)["store_id"], "store-1");
  }
}

TEST_F(CommandTest, TheEnvironmentNamesTheServer) {
  ::setenv("WONBON_ENDPOINT", server_.endpoint().c_str(), 1);
  ::setenv("WONBON_API_KEY", "key-1", 1);
  EXPECT_EQ(RunBare({"stats"}).code, 0);
  EXPECT_EQ(server_.api_key(), "key-1");
}

TEST_F(CommandTest, AKeyMayComeFromAFileOfItsOwners) {
  const std::string file = Write("my.key", "key-2\n");
  ::chmod(file.c_str(), 0644);
  EXPECT_THAT(Run({"stats", "--api-key-file", file}).err, HasSubstr("chmod 600"));
  ::chmod(file.c_str(), 0600);
  EXPECT_EQ(Run({"stats", "--api-key-file", file}).code, 0);
  EXPECT_EQ(server_.api_key(), "key-2");
  EXPECT_EQ(Run({"stats", "--api-key-file", file, "--api-key", "key-3"}).code, 0);
  EXPECT_EQ(server_.api_key(), "key-3");
  EXPECT_THAT(Run({"stats", "--api-key-file", "/no/such.key"}).err, HasSubstr("/no/such.key"));
}

TEST_F(CommandTest, KeysAreMadeListedAndRevokedInAFile) {
  const std::string file = "--file=" + (folder_ / "keys.toml").string();
  const Ran made = RunBare({"keys", "new", "desk", file, "--role=editor",
                            "--collections=news-*,default", "--requests-per-second=5",
                            "--expires=90d"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.out.size(), 51) << "the key alone, and a line end";
  EXPECT_EQ(RunBare({"keys", "new", "crawler", file, "--role=writer", "--collections=*",
                     "--certificate=crawler.example"}).out, "");
  const Ran listed = RunBare({"keys", "list", file, "--output=json"});
  const Json keys = Json::parse(listed.out)["keys"];
  ASSERT_EQ(keys.size(), 2);
  EXPECT_EQ(keys[0]["name"], "desk");
  EXPECT_EQ(keys[0]["collections"], Json({"news-*", "default"}));
  EXPECT_EQ(keys[1]["certificate"], "crawler.example");
  EXPECT_EQ(listed.out.find(made.out.substr(7, 43)), std::string::npos);
  EXPECT_EQ(RunBare({"keys", "revoke", "desk", file}).code, 0);
  EXPECT_THAT(RunBare({"keys", "list", file}).out, HasSubstr("revoked 20"));
}

TEST_F(CommandTest, AWrongKeysCommandChangesNothing) {
  const std::string path = (folder_ / "keys.toml").string();
  const std::string file = "--file=" + path;
  const std::vector<std::string> good = {"keys", "new", "a", file, "--role=reader",
                                         "--collections=*"};
  ASSERT_EQ(RunBare(good).code, 0);
  EXPECT_THAT(RunBare(good).err, HasSubstr("there is a key \"a\""));
  EXPECT_THAT(RunBare({"keys", "new", "b", file, "--role=reader", "--collections=../.."}).err,
              HasSubstr("no collection's name can be like"));
  EXPECT_EQ(RunBare({"keys", "new", "b", file, "--role=owner", "--collections=*"}).code, 2);
  EXPECT_EQ(RunBare({"keys", "new", "b", file, "--role=reader"}).code, 2) << "no collections";
  EXPECT_EQ(RunBare({"keys", "new", "b", file, "--role=reader", "--collections=*",
                     "--expires=soon"}).code, 2);
  EXPECT_THAT(RunBare({"keys", "revoke", "b", file}).err, HasSubstr("there is no key \"b\""));
  EXPECT_EQ(Json::parse(RunBare({"keys", "list", file, "--output=json"}).out)["keys"].size(), 1);
  std::ofstream(path, std::ios::app) << "[[key\n";
  EXPECT_THAT(RunBare({"keys", "list", file}).err, HasSubstr("keys.toml:6: not TOML"));
}

TEST_F(CommandTest, AServerThatIsAwayIsOneClearLine) {
  const Ran ran = RunBare({"--endpoint=127.0.0.1:1", "stats"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("server not reachable at 127.0.0.1:1"));
  EXPECT_THAT(ran.err, HasSubstr("deploy/serve"));
  EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1);
}

TEST_F(CommandTest, SubmitTakesFlagsOrAFile) {
  const Ran flags =
      Run({"submit", "--id", "a", "--body", "글", "--label", "k=v", "--output", "jsonl"});
  ASSERT_EQ(flags.code, 0) << flags.err;
  EXPECT_EQ(flags.lines()[0]["outcome"], "CREATED");
  EXPECT_EQ(server_.documents().at("a").labels().at("k"), "v");
  const Ran file = Run({"submit", Write("b.json", "{\n \"id\": \"b\",\n \"body\": \"글\"\n}\n")});
  ASSERT_EQ(file.code, 0) << file.err;
  EXPECT_THAT(file.out, HasSubstr("EXACT"));
  EXPECT_EQ(Run({"submit", "--id", "c", "--body", "x", "--published-at", "어제"}).code, 1);
}

TEST_F(CommandTest, ImportPrintsExactlyOneJsonObject) {
  const std::string file = Write("in.jsonl", R"({"id":"a","body":"글"})"
                                             "\n"
                                             R"({"id":"b","body":"글"})"
                                             "\n");
  const Ran ran = Run({"import", "--output", "json", file});
  ASSERT_EQ(ran.code, 0) << ran.err;
  ASSERT_THAT(ran.lines(), SizeIs(1));
  const Json json = ran.lines()[0];
  for (const char* name : {"documents", "created", "updated", "unchanged", "unique", "exact",
                           "near", "revision", "excerpt", "embeds", "overlap", "template",
                           "rejected", "seconds", "documents_per_second"}) {
    EXPECT_TRUE(json.contains(name)) << name;
  }
  EXPECT_EQ(json["documents"], 2);
  EXPECT_EQ(json["exact"], 1);
  EXPECT_FALSE(json.contains("resumed_at_line"));
}

TEST_F(CommandTest, ARejectedLineMakesTheImportFail) {
  const std::string rejects = folder_ / "bad.jsonl";
  const Ran ran = Run({"import", Write("in.jsonl", "nonsense\n"), "--rejects", rejects});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr(rejects));
  EXPECT_TRUE(std::filesystem::exists(rejects));
}

TEST_F(CommandTest, ExportIsOneLineADocumentInStableOrder) {
  const Ran ran = Run({"export", "--output", "jsonl"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const std::string first = ran.out.substr(0, ran.out.find('\n'));
  EXPECT_EQ(first, R"({"document_id":"a","cluster_id":"c-1","canonical_document_id":"a",)"
                   R"("relation":"UNIQUE","sequence":1})");
  const std::vector<Json> lines = ran.lines();
  ASSERT_THAT(lines, SizeIs(1502));
  EXPECT_EQ(lines[1]["document_id"], "b \"quoted\"");
  EXPECT_EQ(lines[1]["relation"], "NEAR");
  EXPECT_EQ(lines[2]["document_id"], "d0");
  EXPECT_EQ(lines[2]["canonical_document_id"], "d0");
  EXPECT_EQ(lines[1501]["sequence"], 1509);
}

TEST_F(CommandTest, PairsAreAnsweredInOrder) {
  std::string articles;
  std::string pairs;
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i);
    articles += R"({"id":"a)" + n + R"(","body":"글 )" + std::to_string(i % 2) + "\"}\n";
    pairs += "a0\ta" + n + "\n";
  }
  ASSERT_EQ(Run({"import", Write("in.jsonl", articles)}).code, 0);
  const Ran ran = Run({"compare", "--pairs", Write("pairs.tsv", pairs), "--output", "jsonl"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const std::vector<Json> lines = ran.lines();
  ASSERT_THAT(lines, SizeIs(200));
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(lines[i]["b"], "a" + std::to_string(i));
    EXPECT_EQ(lines[i]["same_article"], i % 2 == 0);
    EXPECT_EQ(lines[i]["relation"], i % 2 == 0 ? "EXACT" : "UNIQUE");
    EXPECT_TRUE(lines[i].contains("score") && lines[i].contains("jaccard") &&
                lines[i].contains("containment") && lines[i].contains("containment_in") &&
                lines[i].contains("rule") && lines[i].contains("features"));
  }
}

TEST_F(CommandTest, AFailedPairHasItsLineAndTheExitCodeIsOne) {
  ASSERT_EQ(Run({"submit", "--id", "a", "--body", "글"}).code, 0);
  const Ran ran =
      Run({"compare", "--pairs", Write("pairs.tsv", "a\ta\na\tunknown\nno tab\n\na\ta\r\n")});
  EXPECT_EQ(ran.code, 1);
  const std::vector<Json> lines = ran.lines();
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_FALSE(lines[0].contains("error"));
  EXPECT_EQ(lines[1]["error"], "no such document");
  EXPECT_THAT(lines[2]["error"].get<std::string>(), HasSubstr("line 3"));
  EXPECT_FALSE(lines[3].contains("error"));
}

TEST_F(CommandTest, GetNamesWhatIsMissing) {
  ASSERT_EQ(Run({"submit", "--id", "a", "--body", "글"}).code, 0);
  const Ran ran = Run({"get", "a", "b", "--output", "jsonl"});
  EXPECT_EQ(ran.code, 1);
  ASSERT_THAT(ran.lines(), SizeIs(1));
  EXPECT_EQ(ran.lines()[0]["document"]["body"], "글");
  EXPECT_THAT(ran.err, HasSubstr("no document b"));
}

TEST_F(CommandTest, BackupsAreMadeListedAndVerified) {
  const Ran made = Run({"backup", "create"});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("20261128T022000.123Z"));
  EXPECT_THAT(made.err, HasSubstr("removed 20261127T022000.123Z\n"));
  const Ran listed = Run({"backup", "list", "--output", "jsonl"});
  EXPECT_EQ(listed.code, 0) << listed.err;
  ASSERT_THAT(listed.lines(), SizeIs(2));
  EXPECT_EQ(listed.lines()[0]["name"], "20261128T022000.123Z");
  EXPECT_EQ(listed.lines()[1]["trouble"], "BACKUP: damaged");
  EXPECT_EQ(Run({"backup", "verify", "20261128T022000.123Z"}).out, "20261128T022000.123Z: whole\n");
  const Ran both = Run({"backup", "verify", "20261128T022000.123Z", "20261128T030000.000Z"});
  EXPECT_EQ(both.code, 1);
  EXPECT_THAT(both.out, HasSubstr("20261128T030000.000Z: damaged:\n  seed: missing\n"));
  server_.set_interfere([](const std::string&, int) {
    return Error(grpc::StatusCode::FAILED_PRECONDITION, "a backup is being made");
  });
  const Ran refused = Run({"backup", "create"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("a backup is being made"));
  EXPECT_EQ(server_.calls("CreateBackup"), 2) << "it is not tried again by itself";
}

TEST_F(CommandTest, ReadOnlySaysWhatBecomesOfWrites) {
  const Ran on = Run({"read-only", "--reason", "moving house"});
  EXPECT_EQ(on.code, 0) << on.err;
  EXPECT_EQ(on.out, "cannot write: moving house\n");
  EXPECT_EQ(Run({"read-only", "--off"}).out, "writes are taken\n");
}

TEST_F(CommandTest, AnEditorsWordIsSentWithWhoSaysItAndWhy) {
  const Ran ran = Run({"split", "c7", "a", "b", "--actor", "desk", "--note", "two events"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("c9"));
  EXPECT_THAT(ran.out, HasSubstr("SPLIT c7"));
  EXPECT_THAT(ran.out, HasSubstr("by desk: two events"));
  const Ran json = Run({"split", "c7", "a", "b", "--output", "jsonl"});
  ASSERT_THAT(json.lines(), SizeIs(1));
  EXPECT_EQ(json.lines()[0]["split_off"]["size"], 2);
  EXPECT_EQ(Run({"pin", "c7"}).code, 1) << "neither a document nor --none";
}

TEST_F(CommandTest, WatchPrintsOneEventALine) {
  const Ran ran = Run({"watch", "--after", "0", "--count", "5"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  ASSERT_THAT(ran.lines(), SizeIs(5));
  EXPECT_EQ(ran.lines()[4]["sequence"], 5);
  EXPECT_EQ(ran.lines()[4]["type"], "CREATED");
}

}  // namespace
}  // namespace wonbon::client
