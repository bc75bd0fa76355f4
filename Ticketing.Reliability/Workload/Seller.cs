namespace Ticketing.Reliability;

/// <summary>Lists tickets, changes them while somebody holds them or not, takes them back, and tries what is not allowed.</summary>
internal sealed class Seller(Client client, Client stranger, Market market, Account account, Random random)
{
    private const int Offers = 20;

    private readonly List<Guid> mine = [];

    public async Task ActAsync()
    {
        if (mine.Count == 0 || random.Next(3) == 0)
        {
            await ListAsync();
            return;
        }

        var listing = mine[random.Next(mine.Count)];
        switch (random.Next(8))
        {
            case 0:
                await WithdrawAsync(listing);
                break;
            case 1:
                await client.SendAsync("edit badly", HttpMethod.Put, $"/api/tickets/{listing}", new { price = -1 }, [400, 404]);
                break;
            case 2:
                await stranger.SendAsync("edit another's", HttpMethod.Put, $"/api/tickets/{listing}", new { price = 1 }, [401, 404]);
                break;
            case 3:
                await stranger.SendAsync("delete another's", HttpMethod.Delete, $"/api/tickets/{listing}", null, [401, 404]);
                break;
            default:
                await EditAsync(listing);
                break;
        }
    }

    private async Task ListAsync()
    {
        if (random.Next(10) == 0)
        {
            await client.SendAsync("list badly", HttpMethod.Post, "/api/tickets", new { title = "", price = 0.001, quantity = 0 }, [400]);
            return;
        }

        var body = new { title = $"Concert {random.Next(1_000_000)}", price = Price(), quantity = random.Next(1, 31), venue = "Arena" };
        var answer = await client.SendAsync("list", HttpMethod.Post, "/api/tickets", body, [201]);
        if (answer.Status != 201)
            return;
        account.Listed(answer.Id, answer.Number("version"));
        if (mine.Count == Offers)
            mine.RemoveAt(0);
        mine.Add(answer.Id);
        market.Add(answer.Id);
    }

    private async Task EditAsync(Guid listing)
    {
        object body = random.Next(2) == 0 ? new { price = Price() } : new { quantity = random.Next(1, 41) };
        // 400 while any of it is held, or below what is sold.
        var answer = await client.SendAsync("edit", HttpMethod.Put, $"/api/tickets/{listing}", body, [200, 400, 404]);
        if (answer.Status == 200)
            account.Listed(listing, answer.Number("version"));
    }

    private async Task WithdrawAsync(Guid listing)
    {
        var answer = await client.SendAsync("delete", HttpMethod.Delete, $"/api/tickets/{listing}", null, [204, 400, 404]);
        if (answer.Status != 204)
            return;
        account.Delisted(listing);
        mine.Remove(listing);
    }

    // At least what Stripe takes.
    private decimal Price() => random.Next(50, 30_000) / 100m;
}
