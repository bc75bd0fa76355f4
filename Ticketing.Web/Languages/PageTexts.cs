using Microsoft.AspNetCore.Mvc.Localization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Extensions.Localization;

namespace Ticketing.Web.Languages;

/// <summary>
/// The texts of a page or partial, <c>@T["Sign in"]</c>: first its own (<c>SignIn.de.resx</c> beside <c>SignIn.cshtml</c>),
/// then the shared ones. Unlike the framework's own it throws nothing inside for a text that only English has.
/// </summary>
internal sealed class PageTexts : IViewLocalizer, IViewContextAware
{
    private string source = "";

    public void Contextualize(ViewContext viewContext)
    {
        // "/Pages/Orders/Show.cshtml" has the resource Ticketing.Web.Pages.Orders.Show.
        var path = viewContext.ExecutingFilePath ?? viewContext.View.Path;
        source = $"Ticketing.Web{Path.ChangeExtension(path, null)!.Replace('/', '.')}";
    }

    public LocalizedHtmlString this[string name] => new(name, Text(name));

    public LocalizedHtmlString this[string name, params object[] arguments] => new(name, Text(name), false, arguments);

    public LocalizedString GetString(string name) => new(name, Text(name));

    public LocalizedString GetString(string name, params object[] arguments) => new(name, Texts.Format(Text(name), arguments));

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) =>
        throw new NotSupportedException("A page asks for the texts that it shows.");

    private string Text(string english) => Texts.Find(source, english) ?? Texts.Shared(english);
}
