#include "cluster/transport/greeting.hpp"

#include "cluster/transport/tls.hpp"

namespace stoa {

std::optional<std::string> refusal_of(const Hello& hello, const std::string& to, const Doorkeeper& me) {
  if (hello.cluster != me.cluster)
    return me.node + " is of the cluster " + me.cluster + " and " + hello.node + " of " + hello.cluster;
  if (hello.protocol != me.protocol) {
    return me.node + " speaks protocol " + std::to_string(me.protocol) + " and " + hello.node + " speaks " +
           std::to_string(hello.protocol) + " (version " + hello.version + ")";
  }
  if (to != me.node) return hello.node + " looks for " + to + " where " + me.node + " is: check hosts and ports";
  if (hello.node == me.node) return "there is another live node by the name " + me.node;
  if (!me.member) return me.node + " knows no node by the name " + hello.node + ": is it new, or was it removed?";
  if (me.secured && !names_match(me.certificate, {hello.node, me.host})) {
    return "the certificate of " + hello.node + " is for " + joined(me.certificate) + " and neither for " + hello.node +
           " nor for " + me.host;
  }
  if (!dials(hello.node, me.node)) return hello.node + " must wait to be dialed by " + me.node;
  if (me.connected_incarnation.empty()) return std::nullopt;
  if (me.connected_incarnation != hello.incarnation && me.connected_is_alive)
    return "there is another live node by the name " + hello.node + ", and it is connected";
  return "the connection before is still being closed";
}

}  // namespace stoa
