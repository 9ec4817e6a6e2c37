// What an Engine is made of; shared by the files of its verbs.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "core/engine.h"
#include "core/engine/committer.h"
#include "core/engine/preparer.h"
#include "core/engine/reads.h"
#include "core/state/published.h"

namespace wonbon {

struct Engine::Parts {
  Parts(Options options_in, std::unique_ptr<Store> store_in)
      : options(std::move(options_in)),
        store(std::move(store_in)),
        preparer(store->seed(), options.article_cache_bytes),
        committer(options, *store, preparer, published) {}

  const Options options;
  const std::unique_ptr<Store> store;
  const Preparer preparer;
  Published published;
  mutable std::atomic<uint64_t> judged_pairs{0};
  Committer committer;  // last: its thread uses all of the above
};

}  // namespace wonbon
