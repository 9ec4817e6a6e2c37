// The calls of the matrix by HTTP: the same request in JSON, the same verdict expected.
#pragma once

#include <string>

#include "google/protobuf/message.h"

namespace wonbon {

struct Answer {
  int code = 0;  // gRPC's
  std::string reason;
  std::string message;
};

// How to get there. With TLS where `ca` is not empty; all in PEM.
struct HttpTarget {
  std::string address;
  std::string ca;
  std::string certificate;
  std::string key;
};

// `path` as gRPC has it. Of a watch whether it begins. Of what is no answer code -1, and why.
Answer CallByHttp(const HttpTarget& target, const std::string& path, const std::string& api_key,
                  const std::string& json);
// Of a watch: its collection.
Answer WatchByHttp(const HttpTarget& target, const std::string& path, const std::string& api_key,
                   const std::string& collection);

std::string JsonOf(const google::protobuf::Message& message);

}  // namespace wonbon
