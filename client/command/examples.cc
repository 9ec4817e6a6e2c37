#include "client/command/examples.h"

namespace wonbon::client {
namespace {

constexpr Example kExamples[] = {
    {"submit", "wonbon submit --id=a-1 --title='…' --publisher=가람일보 --body-file=body.txt",
     "one article"},
    {"check", "wonbon check --title='…' --body-file=body.txt", "is it there already?"},
    {"compare", "wonbon compare a-1 a-2", "why are they one article, or not?"},
    {"compare", "wonbon compare --pairs=pairs.tsv --output=jsonl", "many pairs of ids"},
    {"get", "wonbon get a-1 a-2", "where they are"},
    {"delete", "wonbon delete a-1 --reason='taken down by its author'", "take one back"},
    {"unblock", "wonbon unblock a-1", "let its id in again"},
    {"cluster", "wonbon cluster c42", "who is in it, and who stands for it"},
    {"clusters", "wonbon clusters --min-size=2", "those with copies"},
    {"documents", "wonbon documents --output=jsonl", "all of them"},
    {"pin", "wonbon pin c42 a-1 --note='the original'", "a-1 stands for c42"},
    {"merge", "wonbon merge c42 c77", "one story after all"},
    {"split", "wonbon split c42 a-2", "another story after all"},
    {"watch", "wonbon watch", "changes from now on"},
    {"import", "wonbon import articles.jsonl.zst", "a file; given again it goes on where it was"},
    {"import", "zcat *.gz | wonbon import -", "from a pipe"},
    {"import", "wonbon import --dry-run --map=body=text,url=link news.jsonl",
     "what would be sent, with other names of fields"},
    {"import", "wonbon import articles.jsonl.rejects.jsonl", "what was turned away, corrected"},
    {"export", "wonbon export >documents.jsonl", "each document with its cluster"},
    {"report publishers", "wonbon report publishers --since=24h", "who repeats whom"},
    {"stats", "wonbon stats", "how much it holds"},
    {"health", "wonbon health && echo ready", "for scripts"},
    {"top", "wonbon top", "how busy it is, until interrupted"},
    {"top", "wonbon top --once --output=json", "one look, for scripts"},
    {"doctor", "wonbon doctor --data-dir=/var/lib/wonbon", "what is wrong, and what to do"},
    {"collections", "wonbon collections create sports", "compared with no others"},
    {"keys", "wonbon keys new newsroom --file=keys.toml --role=writer >newsroom.key",
     "a key for somebody who submits"},
    {"backup create", "wonbon backup create", "what the server holds now, into its --backup-dir"},
    {"backup list", "wonbon backup list", "those that are there"},
    {"read-only", "wonbon read-only --reason='moving house'", "nothing is written until --off"},
    {"dump", "wonbon dump news.dump", "all of it, once `wonbon read-only` holds it still"},
    {"load", "wonbon load news.dump", "into a new server, of any version and seed"},
    {"completion", "source <(wonbon completion bash)", "in ~/.bashrc"},
    {"help", "wonbon help import", "what import does"},
    {"man", "wonbon man | man -l -", "all of it"},
};

}  // namespace

std::vector<Example> ExamplesOf(std::string_view verb) {
  std::vector<Example> found;
  for (const Example& example : kExamples) {
    if (verb.empty() || example.verb == verb) found.push_back(example);
  }
  return found;
}

std::string ExampleText(std::string_view verb) {
  std::string text;
  for (const Example& example : ExamplesOf(verb)) {
    if (text.empty()) text = "Examples:\n";
    text.append("  ").append(example.line).append("   # ").append(example.what).append("\n");
  }
  if (!text.empty()) text += "\n";
  return text;
}

}  // namespace wonbon::client
