// What editors said of the clusters of a collection, said again on a server that has its documents.
//
// Cluster ids do not travel, documents do: a word is said of the clusters that its documents are in
// now. In the order in which they were said; a pin last, for it goes with a document. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/client.h"

namespace wonbon::client {

class Words {
 public:
  Words(const Client& client, std::string collection)
      : client_(client), collection_(std::move(collection)) {}

  // As the other server had it, with its members.
  void Add(v1::Cluster cluster);
  // Says all of them. An error is one of the server; a word that it refuses is among refused().
  absl::Status Say();

  uint64_t said() const { return said_; }
  // "merge of c17 (desk): …", of each.
  const std::vector<std::string>& refused() const { return refused_; }

 private:
  // Of the members that are here: where each is now.
  using Places = std::map<std::string, std::string>;
  absl::StatusOr<Places> PlacesOf(const v1::Cluster& cluster) const;
  absl::Status SayWord(const v1::Cluster& cluster, const v1::EditorWord& word);
  absl::Status Merge(const std::set<std::string>& clusters, const v1::EditorWord& word);
  absl::Status Split(const v1::Cluster& stays, const v1::Cluster& goes, const v1::EditorWord& word);
  absl::Status Pin(const v1::Cluster& cluster);
  absl::Status Note(const char* what, const v1::Cluster& cluster, const std::string& actor,
                    const absl::Status& status);

  const Client& client_;
  const std::string collection_;
  std::map<std::string, v1::Cluster> clusters_;  // by their ids on the other server
  uint64_t said_ = 0;
  std::vector<std::string> refused_;
};

}  // namespace wonbon::client
