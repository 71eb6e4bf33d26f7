"""What the other helpers say, in Portuguese: errors, printed lines, words in figures."""

MESSAGES: dict[str, str] = {
    # helpers/arguments.py
    "{names} and {count} more": "{names} e mais {count}",
    "{name} should be a whole number from {smallest} to {largest}, got {value!r}.":
        "{name} deve ser um número inteiro de {smallest} a {largest}, mas veio {value!r}.",
    "{name} should be a whole number from {smallest} up, got {value!r}.":
        "{name} deve ser um número inteiro a partir de {smallest}, mas veio {value!r}.",
    # helpers/data.py
    "{name} should be a number, got {value!r}.": "{name} deve ser um número, mas veio {value!r}.",
    "{name} should be a number above 0, got {value!r}.":
        "{name} deve ser um número maior que 0, mas veio {value!r}.",
    "Worker processes cannot hand out data from {device}: leave num_workers at 0 there.":
        "Os workers não conseguem entregar dados que estão em {device}: nesse caso, deixe num_workers em 0.",
    "{target!r} is the target: as a feature it would give the answer away.":
        "{target!r} é o alvo: como característica, entregaria a resposta.",
    "A split of {rows} rows with test={test} leaves {training} for training and {testing} for testing: "
    "both need at least one.":
        "Com test={test}, das {rows} linhas ficam {training} para treino e {testing} para teste: "
        "cada parte precisa de pelo menos uma.",
    "Column {column!r} holds numbers of such different sizes that they cannot be scaled: "
    "float32 has no room for the result. Take its logarithm, or leave it out.":
        "Os números da coluna {column!r} têm tamanhos tão diferentes que não dá para padronizar: "
        "o resultado não cabe em float32. Use o logaritmo ou deixe a coluna de fora.",
    "split expects test to be a fraction between 0 and 1, got {test!r}.":
        "Em split, test deve ser uma fração entre 0 e 1, mas veio {test!r}.",
    "split expects test to be a fraction such as 0.2, or {count} bools, one per row; "
    "got {kind} of shape {shape} and type {dtype}.":
        "Em split, test deve ser uma fração, como 0.2, ou {count} valores True ou False, um por linha; "
        "veio {kind} de formato {shape} e tipo {dtype}.",
    'Expected a list of column names such as ["{example}"], got {names!r}.':
        'Passe uma lista de nomes de colunas, como ["{example}"]; veio {names!r}.',
    "{where} has no column {name!r}. Did you mean {close!r}? It has: {known}.":
        "{where} não tem a coluna {name!r}. Você quis dizer {close!r}? As colunas são: {known}.",
    "{where} has no column {name!r}. It has: {known}.":
        "{where} não tem a coluna {name!r}. As colunas são: {known}.",
    "Column {name!r} is named more than once.": "A coluna {name!r} aparece mais de uma vez.",
    "Name at least one feature; {where} has: {known}.":
        "Escolha pelo menos uma característica; as colunas de {where} são: {known}.",
    # helpers/language.py
    "The course speaks {known}, got {language!r}.": "O curso existe em {known}, mas foi pedido {language!r}.",
    # helpers/mnist.py
    "MNIST cannot be unpacked: neither {data} nor {cache} can be read and written. "
    "Set the environment variable TORCH_HOME to a folder of your own and restart the kernel":
        "Não dá para descompactar o MNIST: não é possível ler e gravar em {data} nem em {cache}. "
        "Aponte a variável de ambiente TORCH_HOME para uma pasta sua e reinicie o kernel",
    "{data} cannot be written to, so MNIST is unpacked in {cache}.":
        "Não dá para gravar em {data}; por isso, o MNIST é descompactado em {cache}.",
    "The disk is full: unpacking MNIST takes {megabytes} MB in {folder}. Nothing was left behind there; "
    "make room and run this again":
        "O disco está cheio: descompactar o MNIST ocupa {megabytes} MB em {folder}. Nada ficou para trás; "
        "libere espaço e rode de novo",
    "{archive} is missing: fetching it again.": "Falta {archive}: baixando de novo.",
    "{archive} is damaged: fetching it again.": "{archive} está danificado: baixando de novo.",
    "MNIST cannot be unpacked: damaged or missing, and not to be fetched from the network: {names}. "
    "Repair it with `git checkout -- data/MNIST/raw` in the course's folder, or copy data/MNIST/raw from a "
    "fresh download of the course.":
        "Não dá para descompactar o MNIST: há arquivos danificados ou faltando, e não foi possível "
        "baixá-los: {names}. Recupere-os com `git checkout -- data/MNIST/raw` na pasta do curso, ou copie "
        "data/MNIST/raw de um download novo do curso.",
    # helpers/models.py
    "This MLP expects a batch of shape [N, ...] with {size} numbers per sample, got shape {shape}. "
    "The first dimension counts the samples: for a single one, add it with x.unsqueeze(0).":
        "Esta MLP espera um batch de formato [N, ...] com {size} números por amostra, mas veio o formato "
        "{shape}. A primeira dimensão conta as amostras: para uma só, crie essa dimensão com x.unsqueeze(0).",
    # helpers/notebook.py
    "This was expected to raise {kind}, but it ran without an error.":
        "Aqui era para dar {kind}, mas o código rodou sem erro.",
    # helpers/plotting.py
    "class {number}": "classe {number}",
    "Expected 2 feature names and {classes} class names, got {features} and {names}.":
        "Passe 2 nomes de características e {classes} de classes; vieram {features} e {names}.",
    "Film (an animated GIF)": "Filme (um GIF animado)",
    "This history holds no finished epoch: train for at least one, then plot.":
        "Este histórico não tem nenhuma época completa: treine pelo menos uma e depois faça o gráfico.",
    "training": "treino",
    "test": "teste",
    "loss": "perda",
    "accuracy": "acurácia",
    "epoch": "época",
    "plot_digits expects as many labels and predictions as images, got the shapes {shapes}.":
        "plot_digits precisa de um rótulo e de uma previsão para cada imagem, mas vieram os formatos "
        "{shapes}.",
    "plot_digits expects grey images of shape [N, 28, 28], got {shape}.":
        "plot_digits precisa de imagens em tons de cinza, de formato [N, 28, 28], mas veio {shape}.",
    "{label}, not {prediction}": "{label}, não {prediction}",
    "Expected as many predictions as labels, got {predictions} and {labels}.":
        "O número de previsões deve ser igual ao de rótulos, mas vieram {predictions} e {labels}.",
    "There are classes beyond the {count} that class_names names.":
        "Há classes além das {count} que têm nome em class_names.",
    "predicted": "classe prevista",
    "true": "classe verdadeira",
    "Expected X and y to hold numbers: {error}.": "X e y devem conter números: {error}.",
    "A decision boundary is drawn for two features: expected X of shape [N, 2] and y of shape [N], got {X} "
    "and {y}.":
        "A fronteira de decisão é desenhada para duas características: "
        "X deve ter formato [N, 2], e y, formato [N], mas vieram {X} e {y}.",
    "Expected finite features, and classes as whole numbers from 0 to {largest}.":
        "As características devem ser finitas, e as classes, números inteiros de 0 a {largest}.",
    "y holds {classes} classes, so the network should return {classes} logits per sample; "
    "for {samples} samples it returned shape {shape}. Check its last layer.":
        "y tem {classes} classes, então a rede deve devolver {classes} logits por amostra; "
        "para {samples} amostras, ela devolveu o formato {shape}. Confira a última camada.",
    "Expected a network, an object of a subclass of nn.Module; got {net!r}.":
        "Passe uma rede, ou seja, um objeto de uma subclasse de nn.Module; veio {net!r}.",
    "A decision boundary is drawn for a network that takes two features, a batch of shape [N, 2]. "
    "Asked with {shape}, this one raised {kind}: {error}":
        "A fronteira de decisão é desenhada para uma rede que recebe duas características, um batch de "
        "formato [N, 2]. Com um batch de formato {shape}, esta deu {kind}: {error}",
    "Expected the network to return a tensor of logits, got {kind}.":
        "A rede deve devolver um tensor de logits, mas devolveu {kind}.",
    "feature {number}": "característica {number}",
    "Expected at least one network to draw, got none: did the loop keep any?":
        "É preciso pelo menos uma rede para desenhar, mas não veio nenhuma: o laço guardou alguma?",
    "Expected a title for each of the {networks} networks, got {titles}.":
        "Cada uma das {networks} redes precisa de um título; o número de títulos que vieram é {titles}.",
    # helpers/tables.py
    'sep is the one character between two cells, such as "," or ";", got {sep!r}.':
        'sep é o caractere que separa duas células, como "," ou ";", mas veio {sep!r}.',
    "{file} cannot be read as a table, near line {line}: {error}. Open it in a text editor: "
    "is a quotation mark out of place, or a cell huge?":
        "Não dá para ler {file} como tabela, perto da linha {line}: {error}. "
        "Abra o arquivo em um editor de texto: há aspas fora do lugar ou uma célula enorme?",
    "{file} is empty: expected a header line and rows.": "{file} está vazio: faltam o cabeçalho e as linhas.",
    "{file} cannot be read as a table separated by {sep!r}: line {line} has {cells} cells and the header "
    'has {names}. For semicolons pass sep=";".':
        "Não dá para ler {file} como tabela separada por {sep!r}: "
        "a linha {line} tem {cells} células, e o cabeçalho tem {names}. "
        'Se o separador é ponto e vírgula, use sep=";".',
    "{file} has a header line but no rows.": "{file} tem cabeçalho, mas nenhuma linha de dados.",
    "Column {column!r} has no value in {bad} of its {all} rows, first in line {line} of the file: {cell!r}. "
    "Drop or fill those rows with pandas (dropna, fillna) and save the table again.":
        "Na coluna {column!r}, falta o valor em {bad} das {all} linhas; "
        "a primeira é a linha {line} do arquivo: {cell!r}. Remova ou preencha essas linhas com o pandas "
        "(dropna, fillna) e salve a tabela de novo.",
    "Column {column!r} has text where a number belongs in {bad} of its {all} rows, first in line {line} of "
    "the file: {cell!r}. Leave the column out with drop=[...], or code it as numbers first.":
        "Na coluna {column!r}, há texto no lugar de um número em {bad} das {all} linhas; "
        "a primeira é a linha {line} do arquivo: {cell!r}. Deixe a coluna de fora com drop=[...] ou, antes, "
        "transforme o texto em números.",
    "Column {column!r} has a number too large for float32 in {bad} of its {all} rows, first in line {line} "
    "of the file: {cell!r}. Write it in a larger unit, such as millions.":
        "Na coluna {column!r}, há um número grande demais para float32 em {bad} das {all} linhas; "
        "a primeira é a linha {line} do arquivo: {cell!r}. Use uma unidade maior, como milhões.",
    "Column {column!r} has no class in {bad} of its {all} rows, first in line {line} of the file: {cell!r}. "
    "Drop or fill those rows with pandas (dropna, fillna) and save the table again.":
        "Na coluna {column!r}, falta a classe em {bad} das {all} linhas; "
        "a primeira é a linha {line} do arquivo: {cell!r}. Remova ou preencha essas linhas com o pandas "
        "(dropna, fillna) e salve a tabela de novo.",
    "Expected the path of a CSV file, got {path!r}.": "Passe o caminho de um arquivo CSV; veio {path!r}.",
    "There is no file {path!r}. A relative path starts at the working directory, {folder!r}: "
    "check the name, or build the path from the course's folder.":
        "O arquivo {path!r} não existe. Um caminho relativo começa na pasta de trabalho, {folder!r}: "
        "confira o nome, ou monte o caminho a partir da pasta do curso.",
    "{path!r} is no file that can be read: {error}.": "Não dá para ler {path!r} como arquivo: {error}.",
    "{file} is not text in the encoding {encoding!r}. Save it as UTF-8, or name its encoding, for example "
    'encoding="latin-1".':
        "{file} não é um texto na codificação {encoding!r}. Salve o arquivo como UTF-8 ou diga qual é a "
        'codificação, por exemplo encoding="latin-1".',
    "{file} holds zero bytes, so it is no text in the encoding {encoding!r}. "
    'A file saved as "Unicode" by a spreadsheet may need encoding="utf-16".':
        "O arquivo {file} contém bytes zero, então não é um texto na codificação {encoding!r}. "
        'Um arquivo que a planilha salvou como "Unicode" pode precisar de encoding="utf-16".',
    "{file} has no name for column {places} in its header line. "
    "A table saved by pandas gets such a column from its index: save it with index=False.":
        "No cabeçalho de {file}, falta o nome da coluna {places}. "
        "Em uma tabela salva pelo pandas, essa coluna vem do índice: salve com index=False.",
    "{file} names more than one column {names}: give each its own name.":
        "Em {file}, há mais de uma coluna {names}: dê um nome diferente a cada uma.",
    'decimal is the sign before the fraction, "." or ",", got {decimal!r}.':
        'decimal é o sinal antes das casas decimais, "." ou ",", mas veio {decimal!r}.',
    # helpers/training.py
    "there is one CPU": "só existe uma CPU",
    "There is no device {name!r} on this computer. Its best one is {best!r}: "
    "leave the name out to get it, or ask for 'cpu', which always works.":
        "Não há um dispositivo {name!r} neste computador. O melhor que ele tem é {best!r}: "
        "para usá-lo, não passe nome nenhum; ou peça 'cpu', que sempre funciona.",
    "fit goes through its loaders once for each epoch, and a generator ends after one.":
        "fit percorre os loaders uma vez por época, e um gerador acaba depois da primeira.",
    "Interrupted. Finished epochs, which the history holds: {count}.":
        "Interrompido. Épocas terminadas, que o histórico guarda: {count}.",
    "The loader gave no batch: is its dataset empty, or drop_last on with too few rows?":
        "O loader não entregou nenhum batch: o dataset está vazio, ou drop_last está ligado e há poucas "
        "linhas?",
    "epoch {number:{width}}/{epochs}": "época {number:{width}}/{epochs}",
    "train loss {loss:.3f} ± {std:.3f}": "perda de treino {loss:.3f} ± {std:.3f}",
    "test loss {loss:.3f} ± {std:.3f}": "perda de teste {loss:.3f} ± {std:.3f}",
    "{accuracy:.1%} right": "{accuracy:.1%} de acerto",
}  # fmt: skip
