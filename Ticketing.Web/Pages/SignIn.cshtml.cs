using Microsoft.AspNetCore.Mvc;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages;

internal sealed class SignInModel(AuthClient auth) : CredentialsPageModel
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        Outcome(await auth.SignInAsync(Form.Email, Form.Password, cancellationToken));
}
