#include "gateway/gateway_server.h"

#include <string>
#include <utility>

#include "common/status/status_macros.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"
#include "kith/gateway/v1/gateway_service.grpc.pb.h"
#include "kith/identity/v1/identity_service.grpc.pb.h"
#include "kith/interactions/v1/interactions_service.grpc.pb.h"

namespace kith::gateway {
namespace {

// What waits for one service leaves half of the gateway to what does not need
// it, also where one key has three quarters.
constexpr int kServicesShare = 2;

edge::RemoteServices AddBackends(edge::RemoteServices remote,
                                 const Channels& channels) {
  remote.AddKnown(contacts::v1::ContactsService::service_full_name(),
                  channels.contacts->channel());
  remote.AddKnown(identity::v1::IdentityService::service_full_name(),
                  channels.identity->channel());
  remote.AddKnown(interactions::v1::InteractionsService::service_full_name(),
                  channels.interactions->channel());
  return remote;
}

// Where the gateway has a key of its own, has the hub told of all changes.
std::vector<std::unique_ptr<FeedReader>> ReadFeeds(const std::string& key_file,
                                                   const Channels& channels,
                                                   WatchHub& hub) {
  std::vector<std::unique_ptr<FeedReader>> readers;
  if (key_file.empty()) return readers;
  const auto read = [&](Feed feed, const char* name, const auto& link) {
    readers.push_back(
        std::make_unique<FeedReader>(feed, name, link, key_file, hub));
  };
  read(Feed::kContacts, "contacts", channels.contacts);
  read(Feed::kIdentity, "identity", channels.identity);
  read(Feed::kInteractions, "interactions", channels.interactions);
  return readers;
}

}  // namespace

GatewayServer::GatewayServer(const GatewayOptions& options, GatewayFiles files,
                             const Channels& channels)
    : remote_(options.serve_backends
                  ? AddBackends(std::move(files.remote), channels)
                  : std::move(files.remote)),
      http_(options.http),
      backends_(channels.contacts, channels.identity, channels.interactions,
                options.part_timeout, options.flow_limit / kServicesShare,
                options.service_key_file),
      watched_(channels.contacts, channels.identity, channels.interactions,
               options.part_timeout, options.watch_limit),
      limiter_(options.key_limits),
      gate_(v1::GatewayService::service_full_name(), files.keys, &limiter_),
      remote_gate_(files.keys, &limiter_),
      proxy_(remote_, remote_gate_),
      calls_(gate_, options.flow_limit),
      hub_(WatchHub::Limits()),
      watches_(gate_, watched_, hub_,
               {.feeds_are_read = !options.service_key_file.empty(),
                .limit = static_cast<size_t>(options.watch_limit)}),
      readers_(ReadFeeds(options.service_key_file, channels, hub_)),
      service_(calls_, watches_, backends_, clock_, files.links, files.hooks) {
  if (files.links != nullptr) {
    link_pages_ = std::make_unique<UnsubscribePages>(std::move(files.links),
                                                     backends_, files.keys);
    http_.guests.push_back(link_pages_.get());
  }
  if (!options.service_key_file.empty()) {
    visit_pages_ = std::make_unique<VisitPages>(backends_, clock_, files.keys,
                                                options.trusted_proxies);
    http_.guests.push_back(visit_pages_.get());
  }
  if (files.hooks != nullptr) {
    hook_intake_ = std::make_unique<HookIntake>(
        backends_, std::move(files.hooks), files.keys, clock_,
        options.trusted_proxies);
    http_.guests.push_back(&hook_intake_->pages());
  }
  http_.sessions = std::move(files.sessions);
  http_.keys = std::move(files.keys);
  http_.remote = &remote_;
  http_.gate = &remote_gate_;
}

std::vector<rpc::NamedService> GatewayServer::services() {
  return {{v1::GatewayService::service_full_name(), service_}};
}

absl::StatusOr<rpc::Addresses> GatewayServer::ListenBeside(
    grpc::Server& server) {
  if (http_.address.empty()) return rpc::Addresses();
  KITH_ASSIGN_OR_RETURN(
      edge_, edge::Edge::Start(http_, {v1::GatewayService::service_full_name()},
                               server));
  return rpc::Addresses{{"http", edge_->address()}};
}

void GatewayServer::EndLasting() {
  watches_.EndStreams();
  if (edge_ != nullptr) edge_->Drain();
}

void GatewayServer::AwaitBeside(absl::Duration most) {
  if (edge_ != nullptr) edge_->WaitDrained(most);
}

}  // namespace kith::gateway
