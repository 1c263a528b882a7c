-- Browsing and buying: nine readers to one buyer, the popular products by far the most wanted.
-- Run it:  stoa load scenarios/checkout.lua            against `stoa dev`
--          stoa load scenarios/checkout.lua --rate 50 --duration 20s --report checkout.html
-- docs/load.md says what everything here means.

local address = {name = "Ada Load", line1 = "Teststrasse 1", city = "Berlin", postal_code = "10115", country = "DE"}

return {
  name = "checkout",
  seed = 7,
  target = "http://127.0.0.1:8080",

  -- Products of this run's own, so that their stock is known from the first unit on.
  setup = function(s)
    s:login("merchant@demo.stoa", "correct-horse-battery")
    local function make(tag, i)
      return s:post("/v1/products", {
        sku = tag .. "-" .. i, name = "Load product " .. i,
        price = {amount = 100 * i + 99, currency = "EUR"}, stock = 1000,
      })
    end
    -- The same seed gives the same tags: one that an earlier run has used is passed over.
    local tag, made
    repeat
      tag = "load-" .. s:uuid()
      made = make(tag, 1)
    until made.status ~= 409
    local products = {}
    for i = 1, 100 do
      if i > 1 then made = make(tag, i) end
      s:expect(made.status == 201, "product " .. i .. " gave " .. (made.error or made.status))
      products[i] = made.body.id
    end
    return {products = products, tag = tag}
  end,

  load = {
    {shape = "ramp", from = 0, to = 100, duration = "5s"},
    {shape = "constant", rate = 100, duration = "25s", arrivals = "poisson"},
  },

  users = {count = 20, email = "load-%d@demo.stoa", password = "correct-horse-battery"},

  mix = {browse = 9, checkout = 1},

  flows = {
    browse = function(s, d)
      local r = s:get("/v1/products/" .. s:zipf(d.products, 1.0))
      s:check("product is found", r.status == 200)
    end,

    checkout = function(s, d)
      local r = s:post("/v1/orders", {
        lines = {{product_id = s:pick(d.products), quantity = s:uniform(1, 3)}},
        shipping_address = address,
        payment = {method = "tok_visa"},
      }, {["Idempotency-Key"] = d.tag .. "-" .. s:uuid()})
      if s:check("order is confirmed", r.status == 201) then s:ack("order", r.body) end
    end,
  },

  thresholds = {
    ["browse.p99"] = "< 100ms",
    ["checkout.p99"] = "< 250ms",
    ["errors"] = "< 0.1%",
  },

  verify = {"stock", "orders", "idempotency", "events"},
}
