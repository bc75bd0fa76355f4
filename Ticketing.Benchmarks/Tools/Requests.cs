using System.Text;

namespace Ticketing.Benchmarks;

/// <summary>Requests as they go over the wire, made once and sent often.</summary>
internal static class Requests
{
    /// <summary>The bearer of a token reserves one ticket.</summary>
    public static byte[] Order(string token, string ticketId) =>
        Post("/api/orders", token, $$"""{"ticketId":"{{ticketId}}","quantity":1}""");

    /// <summary>The bearer of a token pays an order with a card that is good.</summary>
    public static byte[] Payment(string token, Guid orderId) =>
        Post("/api/payments", token, $$"""{"orderId":"{{orderId}}","token":"tok_visa"}""");

    /// <summary>Somebody who is not signed in reads.</summary>
    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html,*/*\r\n\r\n");

    private static byte[] Post(string path, string token, string body) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
