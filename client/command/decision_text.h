// Decisions, documents and clusters for a reader at a terminal.
#pragma once

#include <ostream>
#include <string>

#include "wonbon/v1/dedup_service.pb.h"

namespace wonbon::client {

void PrintDecision(std::ostream& out, const v1::Decision& decision);
void PrintDocument(std::ostream& out, const v1::StoredDocument& stored);
void PrintCluster(std::ostream& out, const v1::Cluster& cluster);

// "name        value"; nothing where the value is empty.
void PrintLine(std::ostream& out, const std::string& name, const std::string& value);
// "97.5 %"
std::string Percent(double share);

}  // namespace wonbon::client
