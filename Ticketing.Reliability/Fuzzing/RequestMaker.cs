using System.Globalization;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Ticketing.Reliability.Fuzzing;

/// <summary>Makes requests for a route: a valid one, of the lane's own things and others', before anything is done to it.</summary>
internal static class RequestMaker
{
    /// <param name="route">The route.</param>
    /// <param name="lane">Whose request it is.</param>
    /// <param name="random">Decides everything.</param>
    /// <param name="fields">The body's fields with their JSON, to be bent before they are written; null if there is no body.</param>
    public static RawRequest Make(Route route, Lane lane, Random random, out List<(string Name, string Json)>? fields)
    {
        var query = new List<string>();
        foreach (var name in route.Query.Where(_ => random.Next(3) == 0))
            query.Add($"{name}={Query(name, lane, random)}");
        var target = Path(route, lane, random) + (query.Count > 0 ? "?" + string.Join('&', query) : "");
        var request = new RawRequest { Method = route.Method, Target = target };
        foreach (var name in route.Headers.Where(_ => random.Next(3) == 0))
            request.Headers.Add((name, Hex(random)));
        fields = route.Fields?.Where(field => Required.Contains(field.Key) || random.Next(2) == 0)
            .Select(field => (field.Key, Value(field.Key, field.Value, lane, random))).ToList();
        if (fields is not null)
            request.Headers.Add(("Content-Type", "application/json"));
        if (route.Path.EndsWith("/webhook", StringComparison.Ordinal))
        {
            request.Headers.Add(("Content-Type", "application/json"));
            request.Headers.Add(("Stripe-Signature", $"t={DateTimeOffset.UnixEpoch.AddYears(56).ToUnixTimeSeconds()},v1={Hex(random)}{Hex(random)}"));
            fields = [("type", "\"payment_intent.succeeded\""), ("data", "{\"object\":{\"id\":\"pi_1\"}}")];
        }
        return request;
    }

    public static byte[] Write(IEnumerable<(string Name, string Json)> fields) =>
        Encoding.Latin1.GetBytes("{" + string.Join(',', fields.Select(field => $"\"{field.Name}\":{field.Json}")) + "}");

    private static readonly string[] Required =
        ["email", "password", "currentPassword", "newPassword", "title", "price", "ticketId", "orderId", "token", "code"];

    private static string Path(Route route, Lane lane, Random random)
    {
        var (mine, others) = route.IsAboutListing ? (lane.Tickets, lane.VictimsTicket) : (lane.Orders, lane.VictimsOrder);
        var id = random.Next(4) == 0 ? others : mine.Count > 0 ? Strange.Pick(random, mine) : Guid.NewGuid();
        return route.PathOf(id.ToString());
    }

    private static string Query(string name, Lane lane, Random random) => name switch
    {
        "limit" => random.Next(1, 101).ToString(CultureInfo.InvariantCulture),
        "seller" => new JsonWebToken(lane.Victim).Subject,
        "cursor" => Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
        "all" => "true",
        _ => "a",
    };

    private static string Value(string name, string type, Lane lane, Random random) => name switch
    {
        "email" => $"\"fuzz-{Hex(random)}@example.test\"",
        "password" or "currentPassword" or "newPassword" => "\"correct horse\"",
        "title" or "venue" or "description" => $"\"Fuzz {random.Next(1000)}\"",
        "price" => (random.Next(50, 100_000) / 100m).ToString(CultureInfo.InvariantCulture),
        "quantity" => random.Next(1, 11).ToString(CultureInfo.InvariantCulture),
        "startsAt" => "\"2040-01-01T20:00:00Z\"",
        "currency" => "\"usd\"",
        "token" => random.Next(2) == 0 ? "\"tok_visa\"" : "\"tok_chargeDeclined\"",
        "code" => random.Next(2) == 0 ? $"\"{Hex(random)[..12].ToUpperInvariant()}\"" : $"\"e30.{Hex(random)}.{Hex(random)}\"",
        "ticketId" => $"\"{(random.Next(3) == 0 || lane.Tickets.Count == 0 ? lane.VictimsTicket : Strange.Pick(random, lane.Tickets))}\"",
        "orderId" => $"\"{(random.Next(4) == 0 || lane.Orders.Count == 0 ? lane.VictimsOrder : lane.Orders[random.Next(Math.Min(3, lane.Orders.Count))])}\"",
        _ => type switch
        {
            "integer" or "number" => "1",
            "boolean" => "true",
            "array" => "[]",
            "object" => "{}",
            _ => "\"a\"",
        },
    };

    // From the run's own randomness, so that the same seed makes the same request.
    private static string Hex(Random random) => random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
}
