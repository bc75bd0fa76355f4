// Buys two tickets with the clients that were generated from the site's documents. Compiled together with them.
using System.Net;
using Auth = Ticketing.Clients.Auth;
using Orders = Ticketing.Clients.Orders;
using Payments = Ticketing.Clients.Payments;
using Tickets = Ticketing.Clients.Tickets;

namespace Ticketing.Clients;

public static class Purchase
{
    /// <summary>Gives the order's status in the end, and what was paid.</summary>
    public static async Task<(string Status, decimal Amount)> RunAsync(Uri site)
    {
        var cookies = new CookieContainer();
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = site };

        var user = await new Auth.Client(http).SignUpAsync(
            new() { Email = $"csharp-{Guid.NewGuid():N}@example.test", Password = "correct horse" });
        http.DefaultRequestHeaders.Authorization = new("Bearer", cookies.GetCookies(site)["session"]!.Value);

        var tickets = new Tickets.Client(http);
        try
        {
            await tickets.CreateTicketAsync(new() { Title = "", Price = 42.5m });
            throw new InvalidOperationException("A listing without a title was not refused.");
        }
        catch (Tickets.ApiException<Tickets.ProblemDetails> refused) when (refused.Result.Errors.First().Field == "title")
        {
        }
        Tickets.TicketResponse ticket = await tickets.CreateTicketAsync(
            new() { Title = "Hamlet", Price = 42.5m, Quantity = 10, Venue = "Globe Theatre" });
        if (ticket.UserId != user.Id)
            throw new InvalidOperationException("The listing is somebody else's.");

        // What was made before may take a second to be known everywhere.
        var orders = new Orders.Client(http);
        var order = await EventuallyAsync<Orders.OrderResponse>(async () =>
        {
            try
            {
                return await orders.PlaceOrderAsync(ticket.Id.ToString(), new() { TicketId = ticket.Id, Quantity = 2 });
            }
            catch (Orders.ApiException<Orders.ProblemDetails> notYet) when (notYet.StatusCode == 404)
            {
                return null;
            }
        });
        var payments = new Payments.Client(http);
        var paid = await EventuallyAsync<Payments.PayResponse>(async () =>
        {
            try
            {
                return await payments.PayOrderAsync(new() { OrderId = order.Id, Token = "tok_visa" });
            }
            catch (Payments.ApiException<Payments.ProblemDetails> notYet) when (notYet.StatusCode == 404)
            {
                return null;
            }
        });
        if (paid.Status is not (Payments.PayResponseStatus.Authorized or Payments.PayResponseStatus.Captured))
            throw new InvalidOperationException($"The payment is {paid.Status}.");

        var complete = await EventuallyAsync<Orders.OrderResponse>(async () =>
            await orders.GetOrderAsync(order.Id) is { Status: Orders.OrderResponseStatus.Complete } paidOrder ? paidOrder : null);
        return (complete.Status.ToString(), complete.Amount);
    }

    private static async Task<T> EventuallyAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            await Task.Delay(200, patience.Token);
        }
    }
}
