// Decisions, documents and comparisons for a reader at a terminal.
#pragma once

#include <ostream>

#include "wonbon/v1/dedup_service.pb.h"

namespace wonbon::client {

void PrintDecision(std::ostream& out, const v1::Decision& decision);
void PrintDocument(std::ostream& out, const v1::StoredDocument& stored);
void PrintCluster(std::ostream& out, const v1::Cluster& cluster);
void PrintComparison(std::ostream& out, const std::string& a, const std::string& b,
                     const v1::CompareResponse& comparison);

}  // namespace wonbon::client
