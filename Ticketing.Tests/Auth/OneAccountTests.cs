using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Ticketing.Auth.Users;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Auth;

/// <summary>One person has one account and one password, however the keyboard composes them; and accounts from before that go on.</summary>
public sealed class OneAccountTests(AuthFixture fixture) : AuthTests(fixture)
{
    [Theory]
    [InlineData("anna@bücher.example", "anna@xn--bcher-kva.example")]
    [InlineData("anna@BÜCHER.example", "Anna@bu\u0308cher.EXAMPLE")]
    [InlineData("jürgen@mail.example", "ju\u0308rgen@mail.example")]
    [InlineData("kå@straße.example", "k\u212b@xn--strae-oqa.example")]
    public async Task Two_spellings_of_an_address_are_one_account(string one, string other)
    {
        // Of each case its own, since they share a database.
        var prefix = $"{Guid.NewGuid():N}.";
        using var first = Open();
        using var made = await first.Post("/api/users/signup", new { email = prefix + one, password = Password });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var user = (await made.Content.ReadFromJsonAsync<UserResponse>())!;
        user.Email.ShouldBe(prefix + one, "it is kept as it was given");

        using var second = Open();
        using var again = await second.Post("/api/users/signup", new { email = prefix + other, password = Password });
        (await again.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldContain("in use");
        using var signedIn = await second.Post("/api/users/signin", new { email = prefix + other, password = Password });
        (await signedIn.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<UserResponse>()).ShouldBe(user);
    }

    [Theory]
    [InlineData("schöne welt", "scho\u0308ne welt")]
    [InlineData("ein\u00a0langes wort", "ein langes\u3000wort")]
    public async Task A_password_is_the_same_however_it_is_typed(string set, string typed)
    {
        using var browser = Open();
        var email = NewEmail();
        (await browser.Post("/api/users/signup", new { email, password = set })).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await SignIn(email, typed)).ShouldBe(HttpStatusCode.OK);
        (await SignIn(email, set)).ShouldBe(HttpStatusCode.OK);
        (await SignIn(email, typed.ToUpperInvariant())).ShouldBe(HttpStatusCode.BadRequest);
        (await browser.Post("/api/users/password", new { currentPassword = typed, newPassword = "battery staple" })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_password_set_before_it_was_normalized_goes_on_as_it_is_typed_and_from_then_on_however_it_is_typed()
    {
        var (_, user) = await SignedUp();
        await using var database = await Platform.OpenAsync("auth");
        var former = new Microsoft.AspNetCore.Identity.PasswordHasher<User>(Auth.Services.GetRequiredService<IOptions<Microsoft.AspNetCore.Identity.PasswordHasherOptions>>());
        await database.ExecuteAsync(
            "UPDATE users SET password_hash = @hash WHERE id = @Id", new { user.Id, hash = former.HashPassword(new User(), "scho\u0308ne welt") });

        // The control: it was not known in another form.
        (await SignIn(user.Email, "schöne welt")).ShouldBe(HttpStatusCode.BadRequest);
        (await SignIn(user.Email, "scho\u0308ne welt")).ShouldBe(HttpStatusCode.OK);
        (await SignIn(user.Email, "schöne welt")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_new_password_has_no_control_characters()
    {
        using var browser = Open();
        using var answer = await browser.Post("/api/users/signup", new { email = NewEmail(), password = "correct\u0007horse" });
        (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "password")).ShouldContain("control characters");
    }

    [Fact]
    public async Task Accounts_of_a_former_version_get_the_key_of_their_address_and_two_of_one_address_both_go_on()
    {
        var name = $"{Guid.NewGuid():N}.ju";
        var (alone, decomposed) = ($"anna@{name}\u0308cher.example", $"{name}\u0308rgen@mail.example");
        var composed = decomposed.Replace("u\u0308", "ü", StringComparison.Ordinal);
        await using var database = await Platform.OpenAsync("auth");
        var users = new Dictionary<string, Guid>();
        foreach (var email in (string[])[alone, composed, decomposed])
        {
            var (_, user) = await SignedUp();
            users[email] = user.Id;
            await database.ExecuteAsync(
                "UPDATE users SET email = @email, normalized_email = @former WHERE id = @Id", new { email, former = EmailAddress.FormerKey(email), user.Id });
        }

        // Before the job has come to them each is found by its own spelling.
        foreach (var (email, id) in users)
            (await SignInAs(email)).ShouldBe(id);
        (await ActivatorUtilities.CreateInstance<RekeyAddresses>(Auth.Services).RunAsync(TestContext.Current.CancellationToken)).ShouldBe(1);

        (await SignInAs(alone.Replace("u\u0308", "ü", StringComparison.Ordinal))).ShouldBe(users[alone]);
        foreach (var (email, id) in users)
            (await SignInAs(email)).ShouldBe(id);
        // The one that has no key of its own can also be changed.
        (await SignIn(decomposed, "not the password")).ShouldBe(HttpStatusCode.BadRequest);
        using var browser = Open();
        (await browser.Post("/api/users/signin", new { email = decomposed, password = Password })).EnsureSuccessStatusCode();
        (await browser.Post("/api/users/password", new { currentPassword = Password, newPassword = "battery staple" })).EnsureSuccessStatusCode();
        using var other = Open();
        using var third = await other.Post("/api/users/signup", new { email = decomposed.ToUpperInvariant(), password = Password });
        third.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<HttpStatusCode> SignIn(string email, string password)
    {
        using var browser = Open();
        using var answer = await browser.Post("/api/users/signin", new { email, password });
        return answer.StatusCode;
    }

    private async Task<Guid> SignInAs(string email)
    {
        using var browser = Open();
        using var answer = await browser.Post("/api/users/signin", new { email, password = Password });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<UserResponse>())!.Id;
    }
}
