using System.Collections.Frozen;

namespace Auspex.Experiments.Modules.Text;

/// <summary>Words that carry little meaning, by language.</summary>
internal static class StopWords
{
    /// <summary>The languages, as the choices name them.</summary>
    public static string[] Languages { get; } = ["English", "Spanish", "French", "Dutch", "German", "Italian"];

    public static FrozenDictionary<string, FrozenSet<string>> ByLanguage { get; } = new Dictionary<string, FrozenSet<string>>(StringComparer.OrdinalIgnoreCase)
    {
        ["English"] = Set("""
            a about above after again against all am an and any are as at be because been before being below between both but by can could
            did do does doing down during each few for from further had has have having he her here hers herself him himself his how i if in
            into is it its itself just me more most my myself no nor not now of off on once only or other our ours ourselves out over own
            same she should so some such than that the their theirs them themselves then there these they this those through to too under
            until up very was we were what when where which while who whom why will with would you your yours yourself yourselves
            """),
        ["Spanish"] = Set("""
            a al algo algunas algunos ante antes como con contra cual cuando de del desde donde durante e el ella ellas ellos en entre era
            eran es esa esas ese eso esos esta estaba estado están estar estas este esto estos fue fueron ha había han has hasta hay la las
            le les lo los más me mi mis mucho muchos muy nada ni no nos nosotros o os otra otras otro otros para pero poco por porque que
            quien quienes se ser si sí sin sobre son su sus también tanto te tiene tienen todo todos tu tus un una uno unos y ya yo
            """),
        ["French"] = Set("""
            à ai as au aux avait avec avez avoir avons c ce ceci cela ces cet cette ceux d dans de des donc du elle elles en est et été
            étaient était être eu eux fait il ils j je l la le les leur leurs lui m ma mais me même mes moi mon n ne ni nos notre nous on
            ont ou où par pas plus pour qu quand que quel quelle qui s sa sans se ses si son sont sur t ta te tes toi ton tous tout tu un une
            vos votre vous y
            """),
        ["Dutch"] = Set("""
            aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een eens en er ge geen geweest haar
            had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je kan kon kunnen maar me meer men met mij mijn moet na
            naar niet niets nog nu of om omdat onder ons ook op over reeds te tegen toch toen tot u uit uw van veel voor want waren was wat
            we werd wezen wie wil worden wordt zal ze zelf zich zij zijn zo zonder zou
            """),
        ["German"] = Set("""
            aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei bin bis bist da damit dann das dass dein
            deine dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer
            eines er es etwas euch für gegen hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im
            in indem ins ist ja jede jedem jeden jeder jedes jetzt kann kein keine können könnte machen man mein meine mich mir mit muss
            nach nicht nichts noch nun nur ob oder ohne sehr sein seine sich sie sind so solche soll sondern sonst über um und uns unser
            unter viel vom von vor während war waren warst was weil welche wenn werden wie wieder will wir wird wo wollen würde zu zum zur
            zwar zwischen
            """),
        ["Italian"] = Set("""
            a ad ai al alla alle allo anche avere aveva c che chi ci come con contro cui da dagli dai dal dalla dalle dei del dell della
            delle dello di dopo dove e è ed era erano essere gli ha hai hanno ho i il in io l la le lei li lo loro lui ma mi mia mie miei
            mio ne negli nei nel nella nelle noi non nostra nostro o per perché più quale quando quanto quella quelle quelli quello questa
            queste questi questo se sei si sia siamo siete sono sta stata stato su sua sue sugli sui sul sulla suo suoi ti tra tu tua tuo tutti
            tutto un una uno vi voi vostra vostro
            """),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The stop words of a language by its name or ISO code; none for an unknown one.</summary>
    public static FrozenSet<string> Of(string? language) =>
        language is not null && ByLanguage.TryGetValue(NameOf(language), out var words) ? words : [];

    private static string NameOf(string language) => language.Split('-', '_')[0].ToUpperInvariant() switch
    {
        "EN" => "English",
        "ES" => "Spanish",
        "FR" => "French",
        "NL" => "Dutch",
        "DE" => "German",
        "IT" => "Italian",
        _ => language,
    };

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
