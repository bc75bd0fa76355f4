using System.Globalization;

namespace Ticketing.Reliability;

/// <summary>Reserves tickets and does with the order whatever buyers do: pays in any way, twice, late, not at all, cancels.</summary>
internal sealed class Buyer(Guid userId, Client client, Client stranger, Market market, Account account, Random random)
{
    private const int Tries = 4;

    public async Task ActAsync()
    {
        if (market.Pick(random) is not { } listing)
        {
            await Task.Delay(200);
            return;
        }
        if (random.Next(20) == 0)
        {
            await MisbehaveAsync(listing);
            return;
        }
        if (await ReserveAsync(listing) is not { } order)
            return;

        var id = order.Id;
        switch (random.Next(12))
        {
            case 0: // abandoned
                break;
            case 1:
                await CancelAsync(id);
                break;
            case 2:
                await Task.WhenAll(PayAsync(id, "tok_visa"), PayAsync(id, "tok_visa"));
                break;
            case 3:
                await PayAsync(id, "tok_chargeDeclined");
                await PayAsync(id, "tok_mastercard");
                break;
            case 4:
                await Task.WhenAll(PayAsync(id, "tok_visa"), CancelAsync(id));
                break;
            case 5:
                await PayLateAsync(order);
                break;
            case 6:
                await PayWithChallengeAsync(id);
                break;
            case 7:
                await CheckOutAsync(id);
                break;
            case 8:
                await Task.WhenAll(CheckOutAsync(id), PayAsync(id, "tok_visa"));
                break;
            default:
                await PayAsync(id, "tok_visa");
                break;
        }
        await LookAsync(id);
    }

    private async Task<Answer?> ReserveAsync(Guid listing)
    {
        var quantity = random.Next(1, 5);
        var key = $"{userId:N}-{random.NextInt64():x}";
        // A broken connection says nothing about the order; the key makes it safe to ask again.
        for (var i = 0; i < Tries; i++)
        {
            var answer = await client.SendAsync(
                "reserve", HttpMethod.Post, "/api/orders", new { ticketId = listing, quantity }, [201, 400, 404], key);
            if (answer.Status == 201)
            {
                account.Ordered(answer.Id, userId, listing, quantity, key);
                return answer;
            }
            if (!answer.Away)
                return null;
            await Task.Delay(random.Next(100, 500));
        }
        return null;
    }

    private async Task<Answer> PayAsync(Guid order, string token)
    {
        for (var i = 0; ; i++)
        {
            var answer = await client.SendAsync("pay", HttpMethod.Post, "/api/payments", new { orderId = order, token }, [201, 400]);
            if (!answer.Away || i == Tries)
                return answer;
            await Task.Delay(random.Next(100, 500));
        }
    }

    private async Task CancelAsync(Guid order)
    {
        // 400: it is complete already.
        var answer = await client.SendAsync("cancel", HttpMethod.Delete, $"/api/orders/{order}", null, [204, 400]);
        if (answer.Status == 204)
            account.Cancelled(order);
    }

    private async Task PayLateAsync(Answer order)
    {
        var end = DateTimeOffset.Parse(order.Text("expiresAt"), CultureInfo.InvariantCulture);
        var wait = end - TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(random.Next(-500, 2000));
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait);
        await PayAsync(order.Id, "tok_visa");
    }

    private async Task PayWithChallengeAsync(Guid order)
    {
        var answer = await PayAsync(order, "tok_threeDSecure2Required");
        if (answer.Status == 201 && answer.Body!.Value.TryGetProperty("url", out var url) && url.GetString() is { } page)
            await ChallengeAsync(new Uri(page));
    }

    private async Task ChallengeAsync(Uri page)
    {
        await Task.Delay(random.Next(1000));
        if (random.Next(4) > 0)
            await client.SubmitAsync(page, ("answer", random.Next(4) > 0 ? "complete" : "fail"));
    }

    private async Task CheckOutAsync(Guid order)
    {
        var answer = await client.SendAsync("checkout", HttpMethod.Post, "/api/payments/checkout", new { orderId = order }, [201, 400]);
        if (answer.Status != 201)
            return;
        await Task.Delay(random.Next(1500));
        var page = new Uri(answer.Text("url"));
        var card = random.Next(5) switch { 0 => "4000000000000002", 1 => "4000002500003155", _ => "4242424242424242" };
        var next = await client.SubmitAsync(page, ("card_number", card), ("expiry", "12/40"), ("cvc", "123"));
        if (next?.AbsolutePath.StartsWith("/3ds/", StringComparison.Ordinal) is true)
            await ChallengeAsync(next);
    }

    private async Task LookAsync(Guid order)
    {
        var answer = await client.GetAsync("look", $"/api/orders/{order}");
        if (answer.Status == 200 && answer.Text("status") == "complete")
            account.Bought(order);
        await stranger.GetAsync("look at another's", $"/api/orders/{order}", 401);
    }

    private async Task MisbehaveAsync(Guid listing)
    {
        switch (random.Next(4))
        {
            case 0:
                await client.SendAsync("reserve none", HttpMethod.Post, "/api/orders", new { ticketId = listing, quantity = 0 }, [400]);
                break;
            case 1:
                await client.SendAsync("reserve too many", HttpMethod.Post, "/api/orders", new { ticketId = listing, quantity = 11 }, [400]);
                break;
            case 2:
                await client.SendAsync("reserve nothing", HttpMethod.Post, "/api/orders", new { ticketId = Guid.CreateVersion7() }, [404]);
                break;
            default:
                await client.SendAsync("pay for nothing", HttpMethod.Post, "/api/payments", new { orderId = Guid.CreateVersion7(), token = "tok_visa" }, [404]);
                break;
        }
    }
}
