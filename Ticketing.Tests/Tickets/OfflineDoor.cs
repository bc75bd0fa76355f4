using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ticketing.Tests.Tickets;

/// <summary>
/// A door without a network, as docs/contract.md tells anybody to build one: the published keys, and nothing of ours.
/// </summary>
internal sealed class OfflineDoor(JsonNode publishedKeys)
{
    /// <summary>What a good code says; null for any other.</summary>
    public (string Code, Guid TicketId, int Number)? Read(string token)
    {
        if (token.Split('.') is not [var header, var claims, var signature])
            return null;
        var head = Json(header);
        var key = publishedKeys["keys"]!.AsArray().SingleOrDefault(key => key!["kid"]!.ToString() == head["kid"]!.ToString());
        if (key is null || head["alg"]!.ToString() != "ES256" || head["typ"]!.ToString() != "adm")
            return null;
        using var verifier = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = Base64Url.DecodeFromChars(key["x"]!.ToString()), Y = Base64Url.DecodeFromChars(key["y"]!.ToString()) },
        });
        if (!verifier.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256))
            return null;
        var said = Json(claims);
        return (said["jti"]!.ToString(), new Guid(Base64Url.DecodeFromChars(said["tkt"]!.ToString()), bigEndian: true), said["n"]!.GetValue<int>());
    }

    private static JsonNode Json(string segment) => JsonNode.Parse(Base64Url.DecodeFromChars(segment))!;
}
