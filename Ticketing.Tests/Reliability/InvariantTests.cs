using Shouldly;
using Ticketing.Reliability;
using Xunit;

namespace Ticketing.Tests.Reliability;

/// <summary>The checker finds what is wrong: each test breaks one thing in a picture in which everything holds.</summary>
public sealed class InvariantTests
{
    private static readonly DateTime Now = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly Guid Listing = Guid.CreateVersion7(Now);
    private static readonly Guid Bought = Guid.CreateVersion7(Now);
    private static readonly Guid Held = Guid.CreateVersion7(Now);
    private static readonly Guid Expired = Guid.CreateVersion7(Now);
    private static readonly Guid Buyer = Guid.CreateVersion7(Now);

    private static readonly Snapshot Whole = new()
    {
        At = Now,
        Stock = Index(stock => stock.Id, new Stock(Listing, 1000, 10, 5, 0, false)),
        Orders = Index(
            order => order.Id,
            new OrderFact(Bought, Buyer, Listing, 2, 2000, "complete", null, Now, "pi_1", 2),
            new OrderFact(Held, Buyer, Listing, 3, 3000, "created", null, Now.AddSeconds(30), null, 0),
            new OrderFact(Expired, Buyer, Listing, 4, 4000, "cancelled", "expired", Now.AddSeconds(-30), null, 1)),
        Listings = Index(listing => listing.Id, new ListingFact(Listing, Guid.CreateVersion7(), 1000, 10, 3, 2, 0, false)),
        Reservations = Index(
            reservation => reservation.OrderId,
            new ReservationFact(Bought, Listing, 2, "sold"),
            new ReservationFact(Held, Listing, 3, "held"),
            new ReservationFact(Expired, Listing, 4, "freed")),
        Books = Index(books => books.TicketId, new BooksFact(Listing, 2, 2000)),
        Payables = Index(
            payable => payable.Id,
            new PayableFact(Bought, "complete", 2000, 2),
            new PayableFact(Held, "created", 3000, 0),
            new PayableFact(Expired, "cancelled", 4000, 1)),
        Payments = Index(payment => payment.OrderId, new PaymentFact(Guid.CreateVersion7(), Bought, Buyer, 2000, "captured")),
        Intents = [new("pi_1", Bought, "succeeded", 2000, 2000, 0), new("pi_2", Expired, "canceled", 4000, 0, 0)],
        Clocks = [Held],
        Outboxes = new Dictionary<string, long> { ["orders"] = 0 },
        Queues = new Dictionary<string, uint> { ["tickets-orders-batches"] = 0, ["tickets-orders-batches_error"] = 0 },
    };

    public static TheoryData<string, string> Wrongs => new()
    {
        { "oversold", "Orders' stock adds up" },
        { "stock lost", "Orders' stock adds up" },
        { "order of nothing", "An order is for a listing" },
        { "wrong totals", "Tickets' totals add up" },
        { "sold twice in the books", "A seller's books say what was sold" },
        { "not booked", "A seller's books say what was sold" },
        { "watcher forgotten", "Who waits for tickets is told" },
        { "not charged", "A complete order is paid exactly once, exactly its price" },
        { "charged twice", "A complete order is paid exactly once, exactly its price" },
        { "charged too little", "A complete order is paid exactly once, exactly its price" },
        { "refunded", "A complete order is paid exactly once, exactly its price" },
        { "charged for nothing", "Only complete orders are charged" },
        { "money reserved", "No money stays reserved" },
        { "charged for no order", "Money is taken for an order" },
        { "payment forgotten", "Payments agrees with Orders" },
        { "listing lost", "Orders knows every listing" },
        { "edit lost", "Orders knows every listing as it is" },
        { "cancellation lost", "Tickets knows every order as it is" },
        { "reservation lost", "Tickets knows every order as it is" },
        { "order lost at Payments", "Payments knows every order as it is" },
        { "old order at Payments", "Payments knows every order as it is" },
        { "event untold", "Every event is told" },
        { "poison", "Every message is handled" },
        { "overdue", "A hold ends on time" },
        { "clock of nothing", "A clock runs for an order" },
    };

    [Fact]
    public void In_the_whole_picture_everything_holds() => Invariant.Violations(Whole).ShouldBeEmpty();

    /// <summary>Each service forgets by itself what ended unpaid a month ago; what is younger was lost.</summary>
    [Theory]
    [InlineData(31, 0)]
    [InlineData(29, 3)]
    public void What_ended_unpaid_long_ago_may_be_known_to_some_only(int daysAgo, int violations)
    {
        var (first, second, third) = (Old(), Old(), Old());
        var picture = Whole with
        {
            Orders = Replace(Whole.Orders, first, new OrderFact(first, Buyer, Listing, 1, 1000, "cancelled", "expired", Now, null, 1)),
            Reservations = Replace(Whole.Reservations, second, new ReservationFact(second, Listing, 1, "freed")),
            Payables = Replace(Whole.Payables, third, new PayableFact(third, "cancelled", 1000, 1)),
        };

        Invariant.Violations(picture).Count().ShouldBe(violations);

        Guid Old() => Guid.CreateVersion7(Now.AddDays(-daysAgo));
    }

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void What_is_wrong_is_found_and_named(string wrong, string invariant) =>
        Invariant.Violations(Broken(wrong)).Select(violation => violation.Invariant).ShouldContain(invariant);

    [Fact]
    public void A_promise_that_is_not_kept_is_a_loss_although_the_databases_agree()
    {
        var account = new Account();
        account.Listed(Listing, version: 0);
        account.Ordered(Bought, Buyer, Listing, 2, "key");
        account.Bought(Bought);
        account.Violations(Whole).ShouldBeEmpty();

        account.Ordered(Guid.CreateVersion7(), Buyer, Listing, 1, "another");
        account.Ordered(Guid.CreateVersion7(), Buyer, Listing, 2, "key");
        account.Cancelled(Bought);
        account.Listed(Listing, version: 1);

        account.Violations(Whole).Select(violation => violation.Invariant).ShouldBe(
            [
                "An order that was promised exists", "An order that was promised exists", "One order for one idempotency key",
                "A cancelled order stays cancelled", "A listing's change that was promised is there",
            ],
            ignoreOrder: true);
    }

    private static Snapshot Broken(string wrong) => wrong switch
    {
        "oversold" => With(Whole.Stock[Listing] with { Available = -1 }),
        "stock lost" => With(Whole.Stock[Listing] with { Available = 4 }),
        "order of nothing" => With(Whole.Orders[Held] with { TicketId = Guid.CreateVersion7() }),
        "wrong totals" => With(Whole.Listings[Listing] with { Held = 2 }),
        "sold twice in the books" => Whole with { Books = Index(books => books.TicketId, new BooksFact(Listing, 4, 4000)) },
        "not booked" => Whole with { Books = new Dictionary<Guid, BooksFact>() },
        "watcher forgotten" => Whole with { Untold = 1 },
        "not charged" => Whole with { Intents = [] },
        "charged twice" => Whole with { Intents = [.. Whole.Intents, new("pi_3", Bought, "succeeded", 2000, 2000, 0)] },
        "charged too little" => Whole with { Intents = [new("pi_1", Bought, "succeeded", 2000, 1999, 0)] },
        "refunded" => Whole with { Intents = [new("pi_1", Bought, "succeeded", 2000, 2000, 2000)] },
        "charged for nothing" => Whole with { Intents = [.. Whole.Intents, new("pi_3", Expired, "succeeded", 4000, 4000, 0)] },
        "money reserved" => Whole with { Intents = [.. Whole.Intents, new("pi_3", Expired, "requires_capture", 4000, 0, 0)] },
        "charged for no order" => Whole with { Intents = [.. Whole.Intents, new("pi_3", null, "succeeded", 1, 1, 0)] },
        "payment forgotten" => Whole with { Payments = new Dictionary<Guid, PaymentFact>() },
        "listing lost" => Whole with { Stock = new Dictionary<Guid, Stock>() },
        "edit lost" => With(Whole.Listings[Listing] with { Price = 1001, Version = 1 }),
        "cancellation lost" => With(new ReservationFact(Expired, Listing, 4, "held")),
        "reservation lost" => Whole with { Reservations = new Dictionary<Guid, ReservationFact>() },
        "order lost at Payments" => Whole with { Payables = new Dictionary<Guid, PayableFact>() },
        "old order at Payments" => With(Whole.Payables[Expired] with { Status = "created", Version = 0 }),
        "event untold" => Whole with { Outboxes = new Dictionary<string, long> { ["orders"] = 1 } },
        "poison" => Whole with { Queues = new Dictionary<string, uint> { ["tickets-orders-batches_error"] = 1 } },
        "overdue" => With(Whole.Orders[Held] with { ExpiresAt = Now.AddSeconds(-6) }),
        "clock of nothing" => Whole with { Clocks = [Guid.CreateVersion7()] },
        _ => throw new ArgumentException(wrong),
    };

    private static Snapshot With(Stock stock) => Whole with { Stock = Index(item => item.Id, stock) };

    private static Snapshot With(OrderFact order) => Whole with { Orders = Replace(Whole.Orders, order.Id, order) };

    private static Snapshot With(ListingFact listing) => Whole with { Listings = Index(item => item.Id, listing) };

    private static Snapshot With(ReservationFact reservation) =>
        Whole with { Reservations = Replace(Whole.Reservations, reservation.OrderId, reservation) };

    private static Snapshot With(PayableFact payable) => Whole with { Payables = Replace(Whole.Payables, payable.Id, payable) };

    private static Dictionary<Guid, T> Index<T>(Func<T, Guid> key, params T[] items) => items.ToDictionary(key);

    private static Dictionary<Guid, T> Replace<T>(IReadOnlyDictionary<Guid, T> items, Guid id, T item) =>
        new(items) { [id] = item };
}
